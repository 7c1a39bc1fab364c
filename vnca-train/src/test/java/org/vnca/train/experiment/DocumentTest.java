package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no honest descriptors are refused at once, in one line. */
@Timeout(60)
class DocumentTest {
  private static final String SWEEP = "name: s\nexperiment: x.yaml\ngrid: {seed: [1]}\nset:\n  ";

  @TempDir Path folder;

  /** Lists of lists, each of three aliases of the one before: 3^15 values. */
  private static String bomb(String key) {
    String levels =
        IntStream.rangeClosed(1, 15)
            .mapToObj(i -> " - &l%1$d [*l%2$d, *l%2$d, *l%2$d]\n".formatted(i, i - 1))
            .collect(Collectors.joining());
    return key + ":\n - &l0 [x]\n" + levels;
  }

  private static String groups(int depth) {
    return "{a: ".repeat(depth) + "1" + "}".repeat(depth);
  }

  /** Groups that take over those before three times, by merge keys. */
  private static String mergedBomb() {
    return "a0: &a0 {k: 1}\n"
        + IntStream.range(1, 30)
            .mapToObj(
                i -> "a%1$d: &a%1$d {<<: [*a%2$d, *a%2$d, *a%2$d], k%1$d: 1}\n".formatted(i, i - 1))
            .collect(Collectors.joining());
  }

  private static Stream<Arguments> refused() {
    String tooMany = "holds more than 50000 values here, with all aliases written out";
    String tooDeep = "groups and lists are nested too deep, more than 20 in each other";
    return Stream.of(
        Arguments.of(bomb("seed"), ":\\d+: " + tooMany),
        Arguments.of("name: x\n" + bomb("data"), ":\\d+: " + tooMany),
        Arguments.of(bomb("seed").replace("x", "{a: b}"), ":\\d+: " + tooMany),
        Arguments.of("seed: &a [*a]\n", ":1: an alias inside leads back to here.*"),
        Arguments.of("seed: 1\ntrain: &a {b: {c: *a}}\n", ":2: an alias inside leads back.*"),
        Arguments.of("train: &a\n  ? *a\n  : 1\n", ":\\d+: .*"),
        Arguments.of("seed: " + "[".repeat(100_000), ":1: " + tooDeep),
        Arguments.of("seed: 1\ntrain: " + groups(21), ":2: " + tooDeep),
        Arguments.of("\nseed: " + "- ".repeat(5_000) + "\n", ":2: .*"),
        Arguments.of("seed: [" + "1,".repeat(60_000) + "]", ":1: " + tooMany),
        Arguments.of(
            "a: &a '" + "x".repeat(3_200) + "'\nb: [" + "*a,".repeat(2_000) + "]", ":2: .*"),
        Arguments.of("# " + "x".repeat(1 << 20), ": is larger than 1 MiB, .*"),
        Arguments.of("seed: 1\n\u0000", ":2: holds the character U\\+0000, .* save it as UTF-8"),
        Arguments.of("seed: 1\n\nname: \u001b[31m", ":3: holds the character U\\+001B, .*"),
        Arguments.of("name: \u009b", ":1: holds the character U\\+009B, .*"),
        Arguments.of("name: \uffff", ":1: holds the character U\\+FFFF, .*"),
        Arguments.of("train:\n\tbatch: 1\n", ":2: not valid YAML: .*; indent with spaces"),
        Arguments.of(
            "train: {batch: 1}\ntrain: {batch: 2}\n", ":2: the key train is there twice.*"),
        Arguments.of("? " + "k".repeat(5_000) + "\n: 1\n", ":1: a key is longer than 200 .*"),
        Arguments.of("seed: 1\n---\nseed: 2\n", ":2: not valid YAML: .*"),
        Arguments.of("seed: !foo 3\n", ":1: holds the tag !foo, but descriptors have no tags; .*"),
        Arguments.of("\nname: !!str 3\n", ":2: holds the tag !!str, .*"),
        Arguments.of("seed: ! 3\n", ":1: holds the tag !, .*"),
        Arguments.of("seed: !!int '3'\n", ":1: holds the tag !!int, .*"),
        Arguments.of("!!map\nseed: 1\n", ":1: holds the tag !!map, .*"),
        Arguments.of("data: {train: !!seq [a]}\n", ":1: holds the tag !!seq, .*"),
        Arguments.of("!x seed: 1\n", ":1: holds the tag !x, .*"),
        Arguments.of("name: !!java.net.URL [http://x]\n", ":1: holds the tag !!java.net.URL, .*"),
        Arguments.of("train: {<<: 3}\n", ":1: << must be given a group of keys, .*"),
        Arguments.of("train:\n  <<: [{batch: 1}, 2]\n", ":2: << must be given a group of keys, .*"),
        Arguments.of("train: &a\n  <<: *a\n", ":1: an alias inside leads back to here.*"),
        Arguments.of(
            "train:\n  <<: {batch: 1}\n  <<: {steps: 1}\n", ":3: the key << is there twice.*"),
        Arguments.of(mergedBomb(), ":\\d+: " + tooMany),
        Arguments.of("seed: *none\n", ":1: not valid YAML: .*"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void beyondABound_isRefusedInOneLine_asDescriptorSweepAndExtended(String text, String message)
      throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), text);
    ExperimentException alone =
        catchThrowableOfType(ExperimentException.class, () -> ExperimentReader.read(file));
    assertOneLine(alone, file + message);
    ExperimentException sweep =
        catchThrowableOfType(ExperimentException.class, () -> SweepReader.read(file));
    assertOneLine(sweep, file + ".*");
    Path above = Files.writeString(folder.resolve("above.yaml"), "extends: x.yaml\n");
    ExperimentException extended =
        catchThrowableOfType(ExperimentException.class, () -> ExperimentReader.read(above));
    assertOneLine(extended, ".*");
  }

  private static void assertOneLine(ExperimentException refused, String pattern) {
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.getMessage()).matches(pattern).hasSizeLessThan(600);
    assertThat(refused.getMessage().chars()).noneMatch(Character::isISOControl);
  }

  @Test
  void bombBelowSet_isRefused() throws IOException {
    Path file =
        Files.writeString(folder.resolve("s.yaml"), SWEEP + bomb("seed").replace("\n", "\n  "));
    assertThatExceptionOfType(ExperimentException.class)
        .isThrownBy(() -> SweepReader.read(file))
        .withMessageContaining("holds more than 50000 values");
  }

  @Test
  void aFileOfTheLargestSize_andAByteOrderMark_areRead() throws IOException {
    String text = "\ufeffseed: 7\n#";
    byte[] start = text.getBytes(StandardCharsets.UTF_8);
    String rest = "x".repeat(Document.MOST_BYTES - start.length);
    Path file = Files.writeString(folder.resolve("x.yaml"), text + rest);
    assertThat(ExperimentReader.read(file).seed()).isEqualTo(7);
  }

  @Test
  void otherEncodings_areNamed() throws IOException {
    Path file = folder.resolve("x.yaml");
    Files.write(file, "\ufeffseed: 7\n".getBytes(StandardCharsets.UTF_16LE));
    assertThatExceptionOfType(ExperimentException.class)
        .isThrownBy(() -> ExperimentReader.read(file))
        .withMessage(file + ": is text in UTF-16; save it as UTF-8");
    Files.write(file, "seed: 7\n".getBytes(StandardCharsets.UTF_16BE));
    assertThatExceptionOfType(ExperimentException.class)
        .isThrownBy(() -> ExperimentReader.read(file))
        .withMessage(
            file + ":1: holds the character U+0000, which is no text in UTF-8; save it as UTF-8");
  }

  @Test
  void aliasesThatAnHonestDescriptorHas_areRead() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("x.yaml"),
            "train:\n  validation: &often {every: 7}\n  checkpoint: *often\n");
    assertThat(ExperimentReader.read(file).train().checkpoint().every()).isEqualTo(7);
  }

  @Test
  void mergeKeys_giveWhatAGroupDoesNotHaveItself() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("x.yaml"),
            """
            train:
              validation: &often {every: 7, images: 9}
              checkpoint:
                <<: *often
                every: 8
                images: 3
            """);
    assertThatExceptionOfType(ExperimentException.class)
        .isThrownBy(() -> ExperimentReader.read(file))
        .withMessageStartingWith(file + ":6: no such key train.checkpoint.images");
    Files.writeString(
        file,
        """
        train:
          images: &first {every: 5}
          validation: {<<: [*first, {every: 6, images: 9}], samples: 2}
          checkpoint: {<<: *first, every: 8}
        """);
    TrainSettings train = ExperimentReader.read(file).train();
    assertThat(train.images().every()).isEqualTo(5);
    assertThat(train.validation().every()).as("the earlier of two").isEqualTo(5);
    assertThat(train.validation().images()).isEqualTo(9);
    assertThat(train.validation().samples()).isEqualTo(2);
    assertThat(train.checkpoint().every()).as("its own").isEqualTo(8);
  }

  /** What readers of YAML take for different things is taken as meant, or refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "seed: 1_000 | seed=1000",
        "seed: +5 | seed=5",
        "seed: -0 | seed=0",
        "seed: 1 # comment | seed=1",
        "%YAML 1.2\\n---\\nseed: 3\\n...\\n | seed=3",
        "seed: 3\\r\\nname: a\\r\\n | seed=3",
        "seed: 3\\rname: a\\r | name=a",
        "name: on | name=on",
        "name: no | name=no",
        "name: 2024-01-01 | name=2024-01-01",
        "name: 1e3 | name=1e3",
        "name: 0x1F | name=0x1F",
        "name: 012 | name=012",
        "train: {beta: 1_0.5} | train.beta=10.5",
        "train: {beta: 1e-0_1} | ! train.beta must be a number, but is 1e-0_1",
        "seed: 0o17 | ! seed must be a whole number, but is 0o17",
        "seed: 017 | ! seed must be a number without zeros in front, which may mean octal, but is 017",
        "seed: 0x1F | ! seed must be a whole number, but is 0x1F",
        "seed: 0b11 | ! seed must be a whole number, but is 0b11",
        "seed: 1e3 | ! seed must be a whole number, but is 1e3",
        "seed: 1.0 | ! seed must be a whole number, but is 1.0",
        "seed: 1:30 | ! seed must be a whole number, but is 1:30",
        "seed: 2024-01-01 | ! seed must be a whole number, but is 2024-01-01",
        "seed: 1,000 | ! seed must be a whole number, but is 1,000",
        "seed: '1' | ! seed must be a whole number, but is the text '1'",
        "seed: yes | ! seed must be a whole number, but is yes",
        "seed: \uff11 | ! seed must be a whole number, but is \uff11",
        "seed: \u0661 | ! seed must be a whole number, but is \u0661",
        "train: {xla: yes} | ! train.xla must be true or false, but is yes",
        "train: {xla: On} | ! train.xla must be true or false, but is On",
        "train: {xla: True} | ! train.xla must be true or false, but is True",
        "train: {xla: 1} | ! train.xla must be true or false, but is 1",
        "train: {beta: .inf} | ! train.beta must be a number, but is .inf",
        "train: {beta: .NaN} | ! train.beta must be a number, but is .NaN",
        "train: {beta: 0x1p3} | ! train.beta must be a number, but is 0x1p3",
        "train: {beta: 1f} | ! train.beta must be a number, but is 1f",
        "train: {beta: '1,5'} | ! train.beta must be a number, but is the text '1,5'",
      })
  void scalarsOfManyReadings_areReadAsMeant_orRefused(String text, String expected)
      throws IOException {
    String written = text.replace("\\n", "\n").replace("\\r", "\r");
    Path file = Files.writeString(folder.resolve("x.yaml"), written);
    if (expected.startsWith("! ")) {
      assertThatExceptionOfType(ExperimentException.class)
          .isThrownBy(() -> ExperimentReader.read(file))
          .withMessage(file + ":1: " + expected.substring(2));
    } else {
      String[] setting = expected.split("=", 2);
      assertThat(Settings.flatten(ExperimentReader.read(file)).get(setting[0]).toString())
          .isEqualTo(setting[1]);
    }
  }

  @Test
  void extendsThroughLinks_isACircleToo_andAChainHasAnEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), "extends: loop/x.yaml\n");
    Files.createSymbolicLink(folder.resolve("loop"), folder);
    assertThatExceptionOfType(ExperimentException.class)
        .isThrownBy(() -> ExperimentReader.read(file))
        .withMessageContaining("extends leads in a circle");
    for (int i = 0; i < 60; i++) {
      Files.writeString(folder.resolve(i + ".yaml"), "extends: " + (i + 1) + ".yaml\n");
    }
    assertThatExceptionOfType(ExperimentException.class)
        .isThrownBy(() -> ExperimentReader.read(folder.resolve("0.yaml"), List.of()))
        .withMessageContaining("extends is a chain of more than 50 files");
  }
}
