package org.vnca.train.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void line_hasCountTimeLeftRateAndMessage() {
    assertThat(resumedAt20000(20_250).line())
        .isEqualTo("mnist   20 %  20,250/100,000 steps  1:46:20 left  12.5 steps/s  loss 95.20");
  }

  @Test
  void line_beforeTheFirstStep_promisesNothing() {
    ProgressLine begun =
        new ProgressLine("mnist", "steps", 100, 20, 20, Duration.ofSeconds(3), Double.NaN, "");
    assertThat(begun.line()).isEqualTo("mnist   20 %  20/100 steps");
  }

  @Test
  void line_atTheEnd_hasTheTimeTaken() {
    ProgressLine ended =
        new ProgressLine("iwae", "images", 100, 0, 100, Duration.ofSeconds(65), 0.5, "");
    assertThat(ended.line()).isEqualTo("iwae  100 %  100/100 images  in 0:01:05  0.50 images/s");
  }

  @Test
  void percent_isHundredOnlyAtTheEnd() {
    assertThat(resumedAt20000(99_999).line()).contains(" 99 %");
  }

  @Test
  void bar_growsWithTheRoom() {
    assertThat(resumedAt20000(50_000).bar(200))
        .contains("50 %  [===============>              ]  50,000/100,000 steps");
    assertThat(resumedAt20000(50_000).bar(92)).hasSize(92).contains("loss 95.20").contains("[==");
    assertThat(resumedAt20000(100_000).bar(200)).contains("[==============================]");
  }

  @Test
  void narrowTerminal_losesTheNameFirst_thenBarRateAndUnit() {
    ProgressLine standing = resumedAt20000(20_250);
    int whole = standing.line().length();
    assertThat(standing.bar(whole + 12)).startsWith("mnist   20 %  [");
    assertThat(standing.bar(whole + 11)).startsWith("20 %  [=").endsWith("loss 95.20");
    assertThat(standing.bar(whole - 8))
        .isEqualTo("20 %  20,250/100,000 steps  1:46:20 left  12.5 steps/s  loss 95.20");
    assertThat(standing.bar(60)).isEqualTo("20 %  20,250/100,000 steps  1:46:20 left  loss 95.20");
    assertThat(standing.bar(46)).isEqualTo("20 %  20,250/100,000  1:46:20 left  loss 95.20");
    assertThat(standing.bar(20)).isEqualTo("20 %  20,250/100,000");
    assertThat(standing.bar(0)).isEmpty();
  }

  @Test
  void eightyColumns_keepTimeLeftAndLoss_whateverTheRunIsCalled() {
    ProgressLine standing =
        new ProgressLine(
            "mnist-doubling-20261130-101500",
            "steps",
            100_000,
            0,
            20_250,
            Duration.ofSeconds(9000),
            2.25,
            "loss 118.25 = 95.20 + 23.05");
    assertThat(standing.bar(80))
        .hasSizeLessThanOrEqualTo(80)
        .contains("left")
        .endsWith("loss 118.25 = 95.20 + 23.05");
  }

  private static ProgressLine resumedAt20000(long done) {
    Duration elapsed = Duration.ofSeconds(20);
    return new ProgressLine("mnist", "steps", 100_000, 20_000, done, elapsed, 12.5, "loss 95.20");
  }
}
