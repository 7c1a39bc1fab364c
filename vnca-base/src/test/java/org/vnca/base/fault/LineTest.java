package org.vnca.base.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
  @Test
  void lineEndsBecomeBlanks_andControlCharactersQuestionMarks() {
    assertThat(Line.of(" a\r\n\tb\u2028c ")).isEqualTo("a b c");
    assertThat(Line.of("a\u0000 \u001B[2Jb\u009B")).isEqualTo("a? ?[2Jb?");
  }

  @Test
  void aLongName_isShortened_andWhatStandsAroundItStays() {
    String line = Line.of("x.h5, /" + "n".repeat(10_000) + "/z is no image; do $1 \\ that");
    assertThat(line)
        .startsWith("x.h5, /nnn")
        .endsWith("nnn/z is no image; do $1 \\ that")
        .contains("n[...]n")
        .hasSizeLessThan(450);
    String path = "/p".repeat(Line.LONGEST_WORD / 2);
    assertThat(Line.of(path)).isEqualTo(path);
  }

  @Test
  void aLongSentence_keepsItsBeginningAndItsEnd() {
    String line = Line.of("what: " + "word ".repeat(5_000) + "; and what to do");
    assertThat(line).hasSize(Line.LONGEST).startsWith("what: word").endsWith("; and what to do");
  }

  @Test
  void noCharacterIsCutInHalf() {
    String faces = "\uD83D\uDE00".repeat(300);
    for (int most = 20; most < 40; most++) {
      String text = Line.shortened("x".repeat(most % 2) + faces, most);
      assertThat(text).hasSizeBetween(most - 2, most);
      assertThat(text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE))
          .isTrue();
    }
    assertThat(Line.shortened("0123456789012345678901234", 20))
        .isEqualTo("0123456789[...]01234")
        .hasSize(20);
  }
}
