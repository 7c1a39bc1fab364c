package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * The course of the learning rate: a share of the optimizer's, which follows from the step and the
 * number of all steps alone. So a run that goes on takes the same rates as one that never stopped;
 * if it goes on to another number of steps, it takes from there on the rates of a run of that many.
 */
public sealed interface ScheduleSettings {

  /** Steps in which the rate rises to its full size, in equal parts; 0 for none. */
  long warmUp();

  /**
   * The share after the warm-up.
   *
   * @param done steps since the warm-up
   * @param all steps from the warm-up to the end of the run, at least 1
   */
  double afterWarmUp(long done, long all);

  /**
   * The share of the learning rate at a step.
   *
   * @param step from 0
   * @param steps of the whole run
   * @return above 0 and at most 1, or 0 where {@code end} is
   */
  default double share(long step, long steps) {
    return step < warmUp()
        ? (step + 1.0) / warmUp()
        : afterWarmUp(step - warmUp(), Math.max(1, steps - 1 - warmUp()));
  }

  private static void requireShare(String setting, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidSetting(setting, "must be from 0 to 1", value);
    }
  }

  /**
   * The learning rate itself.
   *
   * @param warmUp steps in which it rises to its full size
   */
  record Constant(long warmUp) implements ScheduleSettings {
    /** The paper's. */
    public static final Constant PAPER = new Constant(0);

    public Constant {
      InvalidSetting.requireAtLeast("warmUp", warmUp, 0);
    }

    @Override
    public double afterWarmUp(long done, long all) {
      return 1;
    }
  }

  /**
   * Falls in equal parts.
   *
   * @param warmUp steps in which it rises to its full size
   * @param end share at the last step
   */
  record Linear(long warmUp, double end) implements ScheduleSettings {
    /** To nothing. */
    public static final Linear PAPER = new Linear(0, 0);

    public Linear {
      InvalidSetting.requireAtLeast("warmUp", warmUp, 0);
      requireShare("end", end);
    }

    @Override
    public double afterWarmUp(long done, long all) {
      return 1 + (end - 1) * Math.min(1, (double) done / all);
    }
  }

  /**
   * Falls as half a period of a cosine (Loshchilov and Hutter 2017).
   *
   * @param warmUp steps in which it rises to its full size
   * @param end share at the last step
   */
  record Cosine(long warmUp, double end) implements ScheduleSettings {
    /** To nothing. */
    public static final Cosine PAPER = new Cosine(0, 0);

    public Cosine {
      InvalidSetting.requireAtLeast("warmUp", warmUp, 0);
      requireShare("end", end);
    }

    @Override
    public double afterWarmUp(long done, long all) {
      double turned = StrictMath.cos(Math.PI * Math.min(1, (double) done / all));
      return end + (1 - end) * (1 + turned) / 2;
    }
  }

  /**
   * Falls at once, every so many steps.
   *
   * @param warmUp steps in which it rises to its full size
   * @param every steps between two falls, after the warm-up
   * @param factor by which it is multiplied
   */
  record Steps(long warmUp, long every, double factor) implements ScheduleSettings {
    /** To a tenth, three times in the paper's 100,000 steps. */
    public static final Steps PAPER = new Steps(0, 30_000, 0.1);

    public Steps {
      InvalidSetting.requireAtLeast("warmUp", warmUp, 0);
      InvalidSetting.requireAtLeast("every", every, 1);
      requireShare("factor", factor);
    }

    @Override
    public double afterWarmUp(long done, long all) {
      return StrictMath.pow(factor, (double) (done / every));
    }
  }
}
