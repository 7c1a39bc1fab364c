package org.vnca.eval.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.eval.chart.Palette;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunListing;

/** A page that compares runs. */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the page.
   *
   * @param paths the runs' directories, at least one
   * @param out the page, which appears whole or not at all
   * @throws RunException if a run cannot be read or the page not be written
   */
  public static ReportSummary write(List<Path> paths, Path out) {
    List<RunDirectory> directories = paths.stream().map(RunDirectory::open).toList();
    RunListing listing = RunListing.of(directories);
    // Training and validation of each.
    int most = Curve.most(2 * directories.size());
    List<ReportedRun> runs =
        IntStream.range(0, directories.size())
            .parallel()
            .mapToObj(
                i ->
                    ReportedRun.read(
                        directories.get(i), listing.runs().get(i), Palette.ink(i), most))
            .toList();
    int charts = write(out, runs, listing.differing());
    return new ReportSummary(
        out.toString(),
        paths.stream().map(Path::toString).toList(),
        charts,
        runs.stream().mapToInt(run -> run.figures().size()).sum(),
        size(out));
  }

  /** Writes the page as it is made, so that memory does not grow with its pictures. */
  private static int write(Path out, List<ReportedRun> runs, List<String> differing) {
    int[] charts = {0};
    try {
      WholeFile.stream(
          out,
          channel -> {
            Writer writer =
                new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), 1 << 16);
            ReportPage page = new ReportPage(runs, differing, out, new Html(writer));
            page.write();
            charts[0] = page.charts();
            writer.flush();
          });
      return charts[0];
    } catch (UncheckedIOException e) {
      throw new RunException(out + " cannot be written: " + Reason.of(e.getCause()), e);
    } catch (IOException e) {
      throw new RunException(out + " cannot be written: " + Reason.of(e), e);
    }
  }

  private static long size(Path out) {
    try {
      return Files.size(out);
    } catch (IOException e) {
      throw new RunException(out + " cannot be read: " + Reason.of(e), e);
    }
  }
}
