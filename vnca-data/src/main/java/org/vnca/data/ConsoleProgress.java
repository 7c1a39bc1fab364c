package org.vnca.data;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar for each split, with the images written and their rate. */
public final class ConsoleProgress implements ImportProgress {
  private static final int COLUMNS = 78;
  private static final int UPDATE_MILLIS = 200;

  private final PrintStream out;
  private ProgressBar bar;

  private ConsoleProgress(PrintStream out) {
    this.out = out;
  }

  /**
   * A bar on standard error if a person is watching, silence otherwise.
   *
   * @param watched whether a person is; Java itself cannot tell
   */
  public static ImportProgress onStandardError(boolean watched) {
    return watched ? new ConsoleProgress(System.err) : SILENT;
  }

  /** A bar on a stream, whoever watches it. */
  static ImportProgress on(PrintStream out) {
    return new ConsoleProgress(out);
  }

  @Override
  public void begin(String split, int images) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(split)
            .setInitialMax(images)
            .setUnit(" images", 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(out, COLUMNS))
            .showSpeed()
            .build();
  }

  @Override
  public void advance(int images) {
    bar.stepBy(images);
  }

  @Override
  public void end() {
    bar.close();
  }
}
