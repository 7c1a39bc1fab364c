package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.vnca.graph.spec.InvalidSetting;

/** Shares of the learning rate and weights of the KL term at single steps. */
class ScheduleTest {
  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void constant_isTheRate_afterItsWarmUp() {
    assertThat(ScheduleSettings.Constant.PAPER.share(0, 10)).isEqualTo(1);
    ScheduleSettings warm = new ScheduleSettings.Constant(4);
    assertThat(warm.share(0, 10)).isEqualTo(0.25);
    assertThat(warm.share(3, 10)).isEqualTo(1);
    assertThat(warm.share(4, 10)).isEqualTo(1);
  }

  @Test
  void linear_fallsFromOneToItsEnd() {
    ScheduleSettings linear = new ScheduleSettings.Linear(0, 0.1);
    assertThat(linear.share(0, 11)).isEqualTo(1);
    assertThat(linear.share(5, 11)).isCloseTo(0.55, EXACT);
    assertThat(linear.share(10, 11)).isCloseTo(0.1, EXACT);
    ScheduleSettings warm = new ScheduleSettings.Linear(2, 0);
    assertThat(warm.share(1, 13)).isEqualTo(1);
    assertThat(warm.share(2, 13)).isEqualTo(1);
    assertThat(warm.share(7, 13)).isCloseTo(0.5, EXACT);
    assertThat(warm.share(12, 13)).isCloseTo(0, EXACT);
  }

  @Test
  void cosine_fallsSlowlyAtBothEnds() {
    ScheduleSettings cosine = new ScheduleSettings.Cosine(0, 0.2);
    assertThat(cosine.share(0, 101)).isEqualTo(1);
    assertThat(cosine.share(25, 101)).isCloseTo(0.2 + 0.4 * (1 + Math.sqrt(0.5)), EXACT);
    assertThat(cosine.share(50, 101)).isCloseTo(0.6, EXACT);
    assertThat(cosine.share(100, 101)).isCloseTo(0.2, EXACT);
  }

  @Test
  void steps_fallAtOnce() {
    ScheduleSettings steps = new ScheduleSettings.Steps(1, 10, 0.5);
    assertThat(steps.share(10, 100)).isEqualTo(1);
    assertThat(steps.share(11, 100)).isEqualTo(0.5);
    assertThat(steps.share(21, 100)).isEqualTo(0.25);
  }

  @Test
  void runsOfOneStep_andWarmUpsLongerThanTheRun_haveARate() {
    assertThat(new ScheduleSettings.Cosine(0, 0).share(0, 1)).isEqualTo(1);
    assertThat(new ScheduleSettings.Linear(10, 0).share(4, 5)).isEqualTo(0.5);
  }

  @Test
  void beta_goesFromOneWeightToTheOther() {
    BetaSettings rising = new BetaSettings(0.5, 2, 3);
    assertThat(rising.at(0)).isEqualTo(0.5);
    assertThat(rising.at(1)).isEqualTo(1);
    assertThat(rising.at(3)).isEqualTo(2);
    assertThat(rising.at(1000)).isEqualTo(2);
    assertThat(BetaSettings.PAPER.at(0)).isEqualTo(1);
  }

  /** Each bound from both sides: the last value that may be, and the first that may not. */
  @Test
  void whatNoScheduleCanBe_isRefused() {
    refused("warm-up must be at least 0", warmUp -> new ScheduleSettings.Constant((long) warmUp));
    refused("warm-up must be at least 0", warmUp -> new ScheduleSettings.Linear((long) warmUp, 0));
    refused("warm-up must be at least 0", warmUp -> new ScheduleSettings.Cosine((long) warmUp, 0));
    refused(
        "warm-up must be at least 0", warmUp -> new ScheduleSettings.Steps((long) warmUp, 1, 1));
    refused("end must be from 0 to 1", end -> new ScheduleSettings.Linear(0, end));
    refused("end must be from 0 to 1", end -> new ScheduleSettings.Cosine(0, end));
    refused("factor must be from 0 to 1", factor -> new ScheduleSettings.Steps(0, 1, factor));
    refused(
        "every must be at least 1", every -> new ScheduleSettings.Steps(0, (long) every + 1, 1));
    assertThat(new ScheduleSettings.Linear(0, 1).end()).isEqualTo(1);
    assertThatThrownBy(() -> new ScheduleSettings.Linear(0, 1.01))
        .hasMessage("end must be from 0 to 1, but is 1.01");
    refused("from must be", from -> new BetaSettings(from, 1, 3));
    refused("to must be", to -> new BetaSettings(1, to, 3));
    refused("steps must be at least 0", steps -> new BetaSettings(1, 1, (long) steps));
    assertThatThrownBy(() -> new BetaSettings(0, 1, 0))
        .hasMessage("steps must be at least 1 where from and to differ, but is 0");
  }

  /** 0 is the least that may be. */
  private static void refused(String message, DoubleFunction<?> made) {
    assertThat(made.apply(0)).isNotNull();
    assertThatThrownBy(() -> made.apply(-1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void beta_ofOneWeight_isThatNumber() {
    assertThat(BetaSettings.of(0.25)).isEqualTo(new BetaSettings(0.25, 0.25, 0));
    assertThat(BetaSettings.of(0.25).number()).contains(0.25);
    assertThat(new BetaSettings(0, 1, 2).number()).isEmpty();
  }
}
