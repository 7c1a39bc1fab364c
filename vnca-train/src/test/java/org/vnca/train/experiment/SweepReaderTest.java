package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepReaderTest {
  @TempDir Path folder;

  @BeforeEach
  void writeExperiment() throws IOException {
    Files.writeString(folder.resolve("x.yaml"), "name: base\ntrain: {batch: 2, steps: 30}\n");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("s.yaml"), text);
  }

  private Sweep sweep(String grid) throws IOException {
    return SweepReader.read(write("name: s\nexperiment: x.yaml\ngrid:\n" + grid.indent(2)));
  }

  private List<String> names(String grid) throws IOException {
    return sweep(grid).points().stream().map(SweepPoint::name).toList();
  }

  private String refusal(String text) throws IOException {
    Path file = write(text);
    ExperimentException refused =
        catchThrowableOfType(ExperimentException.class, () -> SweepReader.read(file));
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.getMessage()).doesNotContain("\n");
    return refused.getMessage().replace(folder + "/", "");
  }

  @Test
  void everyCombination_isAPoint_theLastKeyFastest() throws IOException {
    Files.createDirectories(folder.resolve("deep"));
    Path file =
        Files.writeString(
            folder.resolve("deep/s.yaml"),
            """
            name: rates
            experiment: ../x.yaml
            set:
              train.steps: 40
              model: {encoder: {filters: 3}}
            grid:
              train.optimizer.learning-rate: [1e-3, 2.0e-3]
              seed: [1, 2, 3]
            """);
    Sweep sweep = SweepReader.read(file);
    assertThat(sweep.name()).isEqualTo("rates");
    assertThat(sweep.experiment()).isEqualTo(folder.resolve("x.yaml"));
    assertThat(sweep.points())
        .extracting(SweepPoint::name)
        .containsExactly(
            "learning-rate=0.001,seed=1",
            "learning-rate=0.001,seed=2",
            "learning-rate=0.001,seed=3",
            "learning-rate=0.002,seed=1",
            "learning-rate=0.002,seed=2",
            "learning-rate=0.002,seed=3");
    SweepPoint fifth = sweep.points().get(4);
    assertThat(fifth.index()).isEqualTo(4);
    assertThat(fifth.values())
        .isEqualTo(Map.of("train.optimizer.learning-rate", 0.002, "seed", 2L));
    Experiment alone =
        ExperimentReader.read(
            folder.resolve("x.yaml"),
            List.of(
                "train.steps=40",
                "model.encoder.filters=3",
                "train.optimizer.learning-rate=2.0e-3",
                "seed=2"));
    assertThat(fifth.experiment()).isEqualTo(alone);
    assertThat(alone.train().batch()).isEqualTo(2);
  }

  @Test
  void names_dependOnKeysAndTheOwnValuesOnly() throws IOException {
    List<String> names = names("train.batch: [8, 16]\nseed: [1, 2]");
    assertThat(names("seed: [2, 1]\ntrain.batch: [16, 8]"))
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(names("train.batch: [4, 8, 16]\nseed: [1, 2, 3]")).hasSize(9).containsAll(names);
    assertThat(names("train.beta: [1e-1, 100, 0.00001, 1e-12, 2.5e9]"))
        .containsExactly("beta=0.1", "beta=100", "beta=0.00001", "beta=1e-12", "beta=2.5e9");
  }

  @Test
  void names_haveAsMuchOfAKeyAsTellsItApart() throws IOException {
    assertThat(names("train.validation.every: [5]\ntrain.images.every: [6]\ntrain.batch: [3]"))
        .containsExactly("batch=3,images.every=6,validation.every=5");
  }

  @Test
  void names_areFitForDirectories_andStillDifferent() throws IOException {
    List<String> names = names("data.file: ['a/b.h5', 'a-b.h5', 'a b.h5']");
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[A-Za-z0-9=.~-]+"));
    assertThat(names.get(0)).startsWith("file=a-b.h5~");
    assertThat(names.get(1)).isEqualTo("file=a-b.h5");
    assertThat(names("data.file: ['" + "long".repeat(99) + "']").get(0)).hasSizeLessThan(100);
    assertThat(names("data.train: [[train], [train, valid]]\ndata.validation: [other]"))
        .containsExactly("train=train,validation=other", "train=train+valid,validation=other");
  }

  @Test
  void valuesThatAreGroups_changeSeveralKeysAtOnce() throws IOException {
    Sweep sweep =
        sweep(
            """
            model.decoder.update:
              - {type: simple, hidden: 7}
              - type: residual
                blocks: 2
            """);
    assertThat(sweep.points())
        .extracting(SweepPoint::name)
        .containsExactly(
            "update.hidden=7,update.type=simple", "update.blocks=2,update.type=residual");
    assertThat(Settings.flatten(sweep.points().get(0).experiment()))
        .containsEntry("model.decoder.update.hidden", 7)
        .doesNotContainKey("model.decoder.update.blocks");
    assertThat(Settings.flatten(sweep.points().get(1).experiment()))
        .containsEntry("model.decoder.update.blocks", 2)
        .containsEntry("model.decoder.update.hidden", 256);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          experiment: x.yaml; grid: {seed: [1]} | s.yaml: a sweep needs the key name
          name: s; grid: {seed: [1]} | s.yaml: a sweep needs the key experiment
          name: s; experiment: x.yaml | s.yaml: a sweep needs the key grid
          name: a/b; experiment: x.yaml; grid: {seed: [1]} | s.yaml:1: name must be 1 to 100 letters, digits, dots, dashes or underscores, a letter or digit first, but is 'a/b'
          name: [s]; experiment: x.yaml; grid: {seed: [1]} | s.yaml:1: name must be text, but is [s]
          name: s; experiment: none.yaml; grid: {seed: [1]} | s.yaml:2: experiment must name a file, but there is no file none.yaml
          name: s; experiment: {a: b}; grid: {seed: [1]} | s.yaml:2: experiment takes a value and has no keys of its own
          name: s; experiment: x.yaml; gird: {seed: [1]} | s.yaml:3: no such key gird; did you mean grid?
          name: s; experiment: x.yaml; train: {steps: 3} | s.yaml:3: no such key train; the keys of a sweep are name, experiment, set, grid; settings of the experiment go below set or grid
          name: s; experiment: x.yaml; grid: | s.yaml:3: grid must be keys with lists of values, such as train.batch: [16, 32]
          name: s; experiment: x.yaml; grid: {} | s.yaml:3: grid must be keys with lists of values, such as train.batch: [16, 32]
          name: s; experiment: x.yaml; grid: [1] | s.yaml:3: grid must be keys with lists of values, such as train.batch: [16, 32]
          name: s; experiment: x.yaml; grid: {seed: 1} | s.yaml:3: grid.seed must be a list of values; keys inside keys have dots
          name: s; experiment: x.yaml; grid: {train: {batch: [1]}} | s.yaml:3: grid.train must be a list of values; keys inside keys have dots
          name: s; experiment: x.yaml; grid: {seed: []} | s.yaml:3: grid.seed must have at least one value
          name: s; experiment: x.yaml; grid: {seed: [1, ~]} | s.yaml:3: grid.seed must hold no empty value
          name: s; experiment: x.yaml; grid: {train.optimizer: [{}, {learning-rate: 0.1}]} | s.yaml:3: grid.train.optimizer must hold no empty value
          name: s; experiment: x.yaml; grid: {train: [{optimizer: {}}]} | s.yaml:3: grid.train must hold no empty value
          name: s; experiment: x.yaml; grid: {train: [{batch: 1}, {batch: }]} | s.yaml:3: grid.train must hold no empty value
          name: s; experiment: x.yaml; grid: {seed: [1, 2, 1]} | s.yaml:3: grid.seed has 1 twice
          name: s; experiment: x.yaml; grid: {seed: [1], seed: [2]} | s.yaml:3: the key seed is there twice, first in line 3
          name: s; experiment: x.yaml; grid: {train.beta: [1, 1.0]} | s.yaml:3: points 0 and 1 are the same, beta=1: a value is there twice
          name: s; experiment: x.yaml; grid: {name: [a, b]} | s.yaml:3: grid.name cannot vary: it changes no result
          name: s; experiment: x.yaml; grid: {extends: [a, b]} | s.yaml:3: grid.extends: extends belongs in the experiment's file
          name: s; experiment: x.yaml; grid: {train.bach: [1]} | s.yaml:3: no such key train.bach; did you mean train.batch?
          name: s; experiment: x.yaml; grid: {train.batch: [1, many]} | s.yaml:3: train.batch must be a whole number, but is many
          name: s; experiment: x.yaml; grid: {train.batch: [1, 0]} | s.yaml:3: train.batch must be at least 1, but is 0 (point 1: train.batch=0)
          name: s; experiment: x.yaml; grid: {model.decoder.update.type: [residual, simple], model.decoder.update.blocks: [1]} | s.yaml:3: no such key model.decoder.update.blocks with type simple; the keys here are type, hidden
          name: s; experiment: x.yaml; set: 3; grid: {seed: [1]} | s.yaml:3: set must be keys with values, such as train.steps: 500
          name: s; experiment: x.yaml; set: {train.steps: }; grid: {seed: [1]} | s.yaml:3: set.train.steps has no value
          name: s; experiment: x.yaml; set: {train.speed: 1}; grid: {seed: [1]} | s.yaml:3: no such key train.speed; the keys here are steps, batch, accumulate, samples, objective, beta, free-bits, optimizer, schedule, clip-norm, guard, average, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          name: s; experiment: x.yaml; set: {extends: y.yaml}; grid: {seed: [1]} | s.yaml:3: set.extends: extends belongs in the experiment's file
          name: s; experiment: x.yaml; set: {train: {optimizer: {}}}; grid: {seed: [1]} | s.yaml:3: set.train has no value
          name: s; experiment: x.yaml; set: {train: 3}; grid: {train.batch: [4]} | s.yaml:4: train.batch is given twice, as train at s.yaml:3
          name: s; experiment: x.yaml; set: {train.batch: 3}; grid: {train: [4]} | s.yaml:4: train is given twice, as train.batch at s.yaml:3
          name: s; experiment: x.yaml; grid: {train.beta.from: [0], train.beta: [2]} | s.yaml:3: train.beta is given twice, as train.beta.from at s.yaml:3
          name: s; experiment: x.yaml; set: {seed: 1}; grid: {seed: [2]} | s.yaml:4: seed is given twice, first at s.yaml:3
          name: s; experiment: x.yaml; grid: {data.pad-to: [32, 28]} | s.yaml:3: data.pad-to must be 32, the side of the images that model.decoder makes, but is 28 (point 1: data.pad-to=28)
          - name | s.yaml:1: a descriptor must be a group of keys
          name: s: t | s.yaml:1: not valid YAML: mapping values are not allowed here
          """)
  void refusal_namesFileLineAndKey(String lines, String message) throws IOException {
    assertThat(refusal(lines.replace("; ", "\n") + "\n")).isEqualTo(message);
  }

  @Test
  void refusal_ofTheExperiment_namesItsOwnLine() throws IOException {
    Files.writeString(folder.resolve("x.yaml"), "seed: 1\ntrain: {batch: 0}\n");
    assertThat(refusal("name: s\nexperiment: x.yaml\ngrid: {seed: [2]}\n"))
        .isEqualTo("x.yaml:2: train.batch must be at least 1, but is 0 (point 0: seed=2)");
  }

  @Test
  void refusal_pointsAtTheLineOfTheValue() throws IOException {
    assertThat(
            refusal("name: s\nexperiment: x.yaml\ngrid:\n  train.batch:\n    - 8\n    - eight\n"))
        .isEqualTo("s.yaml:6: train.batch must be a whole number, but is eight");
  }

  @Test
  void tooManyPoints_areRefused() throws IOException {
    String hundred =
        IntStream.range(1, 102)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", ", "[", "]"));
    assertThat(
            refusal(
                "name: s\nexperiment: x.yaml\ngrid:\n  seed: %s\n  train.batch: %s\n"
                    .formatted(hundred, hundred)))
        .isEqualTo("s.yaml:5: grid makes more than 10000 points");
  }

  @Test
  void faultThatShowsLater_namesTheValueAndThePoint() throws IOException {
    Sweep sweep = sweep("data.file: [a.h5, b.h5]");
    ExperimentException fault =
        SweepReader.fault(sweep, sweep.points().get(1), "data.file", "data.file: gone");
    assertThat(fault.getMessage())
        .isEqualTo(folder + "/s.yaml:4: data.file: gone (point 1: data.file=b.h5)");
  }
}
