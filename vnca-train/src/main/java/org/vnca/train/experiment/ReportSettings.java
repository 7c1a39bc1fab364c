package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * How often the training loss is reported: to the console, the metrics and the event files.
 *
 * @param every training steps between two reports
 */
public record ReportSettings(long every) {
  /** Not in the paper. */
  public static final ReportSettings PAPER = new ReportSettings(100);

  public ReportSettings {
    InvalidSetting.requireAtLeast("every", every, 1);
  }

  /** Whether a report follows training step {@code step}, counted from 1. */
  public boolean due(long step) {
    return step % every == 0;
  }
}
