package org.vnca.train.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, UTF_8);

  @AfterEach
  void forgetTheLauncher() {
    System.clearProperty(Terminal.PROPERTY);
  }

  @Test
  void quiet_printsNotesAndTheEnd_withoutCarriageReturns() {
    try (Progress progress = Progress.open("mnist", "steps", 1000, 0, true, err)) {
      for (int step = 1; step <= 1000; step++) {
        progress.step(step, "loss 95.20");
        if (step == 500) {
          progress.note("step 500: validation -90.1 nats");
        }
      }
    }
    assertThat(lines()).hasSize(2);
    assertThat(lines()[0]).isEqualTo("step 500: validation -90.1 nats");
    assertThat(lines()[1])
        .startsWith("mnist  100 %  1,000/1,000 steps  in 0:00:0")
        .endsWith("loss 95.20");
    assertThat(shown()).doesNotContain("\r").doesNotContain("\u001b");
  }

  @Test
  void quiet_printsALineEvery30Seconds() {
    AtomicLong clock = new AtomicLong();
    try (Progress progress = new LogProgress("mnist", "steps", 1000, 100, err, clock::get)) {
      for (int step = 101; step <= 170; step++) {
        clock.addAndGet(SECOND);
        progress.step(step, "loss " + step);
      }
    }
    assertThat(lines())
        .containsExactly(
            "mnist   13 %  130/1,000 steps  0:14:30 left  1.00 steps/s  loss 130",
            "mnist   16 %  160/1,000 steps  0:14:00 left  1.00 steps/s  loss 160",
            "mnist   17 %  170/1,000 steps  0:13:50 left  1.00 steps/s  loss 170");
  }

  @Test
  void quiet_withoutAStep_printsNothing() {
    Progress.open("mnist", "steps", 1000, 1000, true, err).close();
    assertThat(shown()).isEmpty();
  }

  @RepeatedTest(20)
  void bar_endsItsLine_howeverShortItWas() {
    Progress progress = Progress.open("mnist", "steps", 100, 0, false, err);
    progress.step(100, "");
    progress.close();
    String ended = shown();
    progress.close();
    progress.step(100, "late");
    assertThat(ended).contains("100/100 steps").endsWith(System.lineSeparator());
    assertThat(shown()).isEqualTo(ended);
  }

  @Test
  void bar_keepsNotesAsLinesOfTheirOwn() {
    try (Progress progress = Progress.open("mnist", "steps", 100, 0, false, err)) {
      progress.step(50, "loss 95.20");
      progress.note("step 50: checkpoint saved");
      progress.step(100, "loss 94.00");
    }
    String[] lines = lines();
    String note = "step 50: checkpoint saved\u001b[K";
    assertThat(lines).anyMatch(line -> line.equals(note) || line.endsWith("\r" + note));
    assertThat(lines[lines.length - 1])
        .contains("\rmnist  100 %")
        .contains("100/100 steps  in 0:00:0");
    assertThat(shown()).endsWith(System.lineSeparator());
  }

  @Test
  void none_showsNothing() {
    try (Progress progress = Progress.none()) {
      progress.step(1, "loss");
      progress.note("a line");
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void terminal_isWhatTheLauncherSays() {
    assertThat(Terminal.onStandardError()).isFalse();
    System.setProperty(Terminal.PROPERTY, "true");
    assertThat(Terminal.onStandardError()).isTrue();
    System.setProperty(Terminal.PROPERTY, "false");
    assertThat(Terminal.onStandardError()).isFalse();
    System.setProperty(Terminal.PROPERTY, "yes");
    assertThatThrownBy(Terminal::onStandardError)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the property vnca.terminal must be true or false, but is \"yes\"");
  }

  @Test
  void countsThatCannotBe_areRefused() {
    assertThatThrownBy(() -> Progress.open("mnist", "steps", 10, 11, true, err))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "progress needs total >= 1 and 0 <= done <= total, but total is 10 and done is 11");
  }

  private String shown() {
    return bytes.toString(UTF_8);
  }

  private String[] lines() {
    return shown().split(System.lineSeparator());
  }
}
