package org.vnca.eval.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    List<ReportedRun> runs = new ArrayList<>();
    for (int i = 0; i < directories.size(); i++) {
      runs.add(ReportedRun.read(directories.get(i), listing.runs().get(i), Palette.ink(i).css()));
    }
    ReportPage page = new ReportPage(runs, listing.differing(), out);
    byte[] bytes = page.html().getBytes(StandardCharsets.UTF_8);
    write(out, bytes);
    return new ReportSummary(
        out.toString(),
        paths.stream().map(Path::toString).toList(),
        page.charts(),
        runs.stream().mapToInt(run -> run.figures().size()).sum(),
        bytes.length);
  }

  private static void write(Path out, byte[] bytes) {
    try {
      WholeFile.write(out, bytes);
    } catch (IOException e) {
      throw new RunException(out + " cannot be written: " + Reason.of(e), e);
    }
  }
}
