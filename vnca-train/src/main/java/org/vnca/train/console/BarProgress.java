package org.vnca.train.console;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** Progress for a terminal: a bar that is redrawn in place twice a second. */
final class BarProgress implements Progress {
  private static final int REDRAW_MILLIS = 500;
  private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

  private final StepRate rate = new StepRate(RATE_WINDOW);
  private final BottomLine bottom;
  private final ProgressBar bar;

  BarProgress(String task, String unit, long total, long done, PrintStream err) {
    rate.mark(done);
    bottom = new BottomLine(err);
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .startsFrom(done, Duration.ZERO)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .continuousUpdate()
            .setRenderer((state, columns) -> progressLine(state, unit).bar(columns))
            .setConsumer(bottom)
            .build();
  }

  @Override
  public void step(long done, String message) {
    rate.mark(done);
    bar.setExtraMessage(message);
    bar.stepTo(done);
  }

  @Override
  public void note(String line) {
    bottom.above(line);
  }

  @Override
  public void close() {
    bar.close();
    bottom.end();
  }

  private ProgressLine progressLine(ProgressState state, String unit) {
    return new ProgressLine(
        state.getTaskName(),
        unit,
        state.getMax(),
        state.getStart(),
        state.getCurrent(),
        state.getElapsedAfterStart(),
        rate.perSecond(),
        state.getExtraMessage().strip());
  }

  /** The terminal's last line, where the bar is; the library asks it how wide the terminal is. */
  private static final class BottomLine extends ConsoleProgressBarConsumer {
    private static final String TO_LINE_START = "\r";
    private static final String ERASE_TO_LINE_END = "\u001b[K";

    private final PrintStream err;
    private String shown = "";
    private boolean ended;

    BottomLine(PrintStream err) {
      super(err);
      this.err = err;
    }

    @Override
    public synchronized void accept(String rendered) {
      if (ended) {
        return;
      }
      shown = rendered;
      err.print(TO_LINE_START + rendered + ERASE_TO_LINE_END);
      err.flush();
    }

    synchronized void above(String line) {
      err.print(TO_LINE_START + line + ERASE_TO_LINE_END + System.lineSeparator() + shown);
      err.flush();
    }

    /** Ends the line; what is drawn later is not shown. */
    synchronized void end() {
      if (!ended) {
        ended = true;
        shown = "";
        err.println();
      }
    }

    /** Nothing: the library calls this only if the bar was drawn twice, so {@link #end} it is. */
    @Override
    public void close() {}
  }
}
