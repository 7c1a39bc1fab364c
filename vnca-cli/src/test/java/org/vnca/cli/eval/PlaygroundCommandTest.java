package org.vnca.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.cli.Called;

class PlaygroundCommandTest {
  @TempDir Path folder;

  @Test
  void withoutARun_andWithoutTheModelThatComesWithIt_itSaysWhatIsMissing() {
    String before = System.getProperty("vnca.home", "");
    System.setProperty("vnca.home", folder.toString());
    try {
      Called called = Called.with("playground");
      assertThat(called.status()).isEqualTo(2);
      assertThat(called.err())
          .startsWith(
              "vnca: playground needs RUN, such as checkpoints/NAME: no trained model lies in "
                  + folder.resolve("checkpoints").resolve("digits"));
    } finally {
      System.setProperty("vnca.home", before);
    }
  }

  @Test
  void wordsThatAreWrong_areNamed() {
    assertThat(Called.with("playground", "run", "--out", "play.png").err())
        .contains("--out must end in .html, but is 'play.png'");
    assertThat(Called.with("playground", "run", "--weights", "int8").err())
        .contains(
            "--weights must be one of float32, float16, one of average, trained, or one of each with a comma between, but is 'int8'");
    assertThat(Called.with("playground", folder.resolve("none").toString()).err())
        .contains("there is no run " + folder.resolve("none"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatCannotBeOpened_isSaid() {
    Path page = folder.resolve("play.html");
    assertThat(new Opener(List.of("sh", "-c", "exit 0")).open(page)).isEmpty();
    assertThat(new Opener(List.of("sh", "-c", "exit 3")).open(page))
        .contains(
            page
                + " was written but cannot be opened: sh ended with status 3; open it in a browser"
                + " yourself");
    assertThat(new Opener(List.of("no-such-program")).open(page))
        .contains(
            page
                + " was written but cannot be opened: there is no no-such-program here; open it in"
                + " a browser yourself");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void opener_isGivenTheFile() {
    Path page = folder.resolve("a b.html");
    assertThat(new Opener(List.of("sh", "-c", "test \"$0\" = '" + page + "'")).open(page))
        .isEmpty();
    assertThat(Opener.of("Linux").command()).containsExactly("xdg-open");
    assertThat(Opener.of("Mac OS X").command()).containsExactly("open");
    assertThat(Opener.of("Windows 11").command()).containsExactly("cmd", "/c", "start", "");
  }
}
