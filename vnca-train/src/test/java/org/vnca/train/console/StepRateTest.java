package org.vnca.train.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepRateTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5 * SECOND); // it may overflow
  private final StepRate rate = new StepRate(Duration.ofSeconds(10), clock::get);

  @Test
  void rate_isUnknown_untilTimeHasPassed() {
    assertThat(rate.perSecond()).isNaN();
    rate.mark(100);
    rate.mark(101);
    assertThat(rate.perSecond()).isNaN();
    clock.addAndGet(SECOND / 2);
    rate.mark(102);
    assertThat(rate.perSecond()).isEqualTo(4);
  }

  @Test
  void rate_followsTheWindow() {
    long done = 0;
    for (int second = 0; second < 20; second++, clock.addAndGet(SECOND)) {
      rate.mark(done += 5);
    }
    assertThat(rate.perSecond()).isEqualTo(5);
    for (int second = 0; second < 12; second++, clock.addAndGet(SECOND)) {
      rate.mark(done += 2);
    }
    assertThat(rate.perSecond()).isEqualTo(2);
  }

  @Test
  void rate_ofManyMarks_isThatOfTheWindow() {
    for (int i = 0; i < 100_000; i++, clock.addAndGet(SECOND / 1000)) {
      rate.mark(i);
    }
    assertThat(rate.perSecond()).isEqualTo(1000, within(1e-6));
  }

  @Test
  void window_ofNothing_isRefused() {
    assertThatThrownBy(() -> new StepRate(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a rate's window must be above 0, but is PT0S");
  }
}
