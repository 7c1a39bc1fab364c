package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  @Test
  void end_leavesTheSplitAndItsImagesOnTheScreen() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    ImportProgress progress =
        ConsoleProgress.on(new PrintStream(screen, true, StandardCharsets.UTF_8));
    progress.begin("train", 200);
    progress.advance(64);
    progress.advance(136);
    progress.end();
    assertThat(screen.toString(StandardCharsets.UTF_8)).contains("train", "100%", "200/200 images");
  }

  @Test
  void onStandardError_isSilentOnlyWhereNobodyWatches() {
    assertThat(ConsoleProgress.onStandardError(false)).isSameAs(ImportProgress.SILENT);
    assertThat(ConsoleProgress.onStandardError(true)).isInstanceOf(ConsoleProgress.class);
  }
}
