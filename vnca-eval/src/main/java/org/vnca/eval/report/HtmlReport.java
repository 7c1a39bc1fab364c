package org.vnca.eval.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunListing;

/** A page that compares runs. */
public final class HtmlReport {
  /** Okabe and Ito's colours that can be told apart without seeing all colours; no yellow. */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000");

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
      runs.add(
          ReportedRun.read(
              directories.get(i), listing.runs().get(i), COLOURS.get(i % COLOURS.size())));
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
