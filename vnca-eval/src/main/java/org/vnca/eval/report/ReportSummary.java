package org.vnca.eval.report;

import java.util.List;

/**
 * A report that was written.
 *
 * @param file the page
 * @param runs the runs' directories
 * @param charts how many it has
 * @param figures how many pictures of the runs it has
 * @param bytes its length
 */
public record ReportSummary(String file, List<String> runs, int charts, int figures, long bytes) {
  public ReportSummary {
    runs = List.copyOf(runs);
  }
}
