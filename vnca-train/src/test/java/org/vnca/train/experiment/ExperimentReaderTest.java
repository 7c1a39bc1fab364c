package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;

class ExperimentReaderTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** The refusal of a file with this text, without the folder's path. */
  private String refusal(String text, String... overrides) throws IOException {
    return refusalOf(write("x.yaml", text), overrides);
  }

  private String refusalOf(Path file, String... overrides) {
    ExperimentException refused =
        catchThrowableOfType(
            ExperimentException.class, () -> ExperimentReader.read(file, List.of(overrides)));
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.getMessage()).doesNotContain("\n");
    return refused.getMessage().replace(folder + "/", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# only a comment\n", "---\n", "~\n", "{}\n", "train:\n"})
  void emptyDescriptor_isThePapersExperiment(String text) throws IOException {
    assertThat(ExperimentReader.read(write("x.yaml", text))).isEqualTo(Experiment.PAPER);
  }

  @Test
  void everyKindOfValue_isRead() throws IOException {
    Path file =
        write(
            "x.yaml",
            """
            name: a-1.b_2
            seed: -9_000_000_000
            data: {train: [train, valid], pad-to: 0}
            model:
              posterior: log-sigma
              decoder: {steps: 2, update: {type: residual, hidden: 16}}
            train:
              beta: 1e2
              optimizer: {learning-rate: .5, epsilon: 1.0E-6}
              memory: recompute
            """);
    Experiment read = ExperimentReader.read(file);
    assertThat(read.name()).isEqualTo("a-1.b_2");
    assertThat(read.seed()).isEqualTo(-9_000_000_000L);
    assertThat(read.data().train()).containsExactly("train", "valid");
    assertThat(read.data().padTo()).isZero();
    assertThat(read.model().posterior()).isEqualTo(Posterior.LOG_SIGMA);
    assertThat(read.model().decoder())
        .isEqualTo(DecoderSpec.Doubling.of(4, 2, UpdateSpec.Residual.of(16, 4)));
    assertThat(read.train().beta()).isEqualTo(100);
    assertThat(read.train().optimizer())
        .isEqualTo(new OptimizerSettings.Adam(0.5, 0.9, 0.999, 1e-6));
    assertThat(read.train().memory()).isEqualTo(MemoryPolicy.RECOMPUTE);
    assertThat(read.train().batch()).isEqualTo(32);
  }

  @Test
  void anotherType_startsFromItsOwnDefaults() throws IOException {
    Path file = write("x.yaml", "model: {decoder: {update: {type: simple}}}");
    assertThat(ExperimentReader.read(file).model().decoder())
        .isEqualTo(DecoderSpec.Doubling.of(4, 8, UpdateSpec.Simple.PAPER));
  }

  @Test
  void sameType_keepsWhatTheExtendedFileSaid() throws IOException {
    write("base.yaml", "model: {decoder: {update: {hidden: 7, blocks: 1}}}");
    Path same =
        write("same.yaml", "extends: base.yaml\nmodel: {decoder: {update: {type: residual}}}");
    Path other =
        write("other.yaml", "extends: base.yaml\nmodel: {decoder: {update: {type: simple}}}");
    assertThat(ExperimentReader.read(same).model().decoder())
        .isEqualTo(DecoderSpec.Doubling.of(4, 8, UpdateSpec.Residual.of(7, 1)));
    assertThat(ExperimentReader.read(other).model().decoder())
        .isEqualTo(DecoderSpec.Doubling.of(4, 8, UpdateSpec.Simple.PAPER));
  }

  @Test
  void extends_isAChainRelativeToEachFile() throws IOException {
    Files.createDirectories(folder.resolve("deep"));
    write("a.yaml", "seed: 1\ntrain: {batch: 2, steps: 3}\nmodel: {encoder: {filters: 4}}");
    write("deep/b.yaml", "extends: ../a.yaml\ntrain: {batch: 5}\nname: b");
    Path file = write("c.yaml", "train: {steps: 6}\nextends: deep/b.yaml");
    Experiment read = ExperimentReader.read(file);
    assertThat(read.name()).isEqualTo("b");
    assertThat(read.train().batch()).isEqualTo(5);
    assertThat(read.train().steps()).isEqualTo(6);
    assertThat(read.model().encoder()).isEqualTo(new EncoderSpec(4, 5));
  }

  @Test
  void overrides_comeLast_andTheLastOneOfAKeyCounts() throws IOException {
    Path file = write("x.yaml", "train: {batch: 2, steps: 3}");
    Experiment read =
        ExperimentReader.read(
            file,
            List.of(
                "train.batch=8",
                "train.batch=9",
                "data.train=[a, b]",
                "model.encoder={filters: 3}",
                "model.encoder.kernel=7"));
    assertThat(read.train().batch()).isEqualTo(9);
    assertThat(read.train().steps()).isEqualTo(3);
    assertThat(read.data().train()).containsExactly("a", "b");
    assertThat(read.model().encoder()).isEqualTo(new EncoderSpec(3, 7));
  }

  @Test
  void overriddenType_isTakenBeforeItsKeys_whateverTheirOrder() throws IOException {
    Path file = write("x.yaml", "");
    List<String> overrides =
        List.of("model.decoder.update.hidden=5", "model.decoder.update.type=simple");
    assertThat(ExperimentReader.read(file, overrides).model().decoder())
        .isEqualTo(DecoderSpec.Doubling.of(4, 8, new UpdateSpec.Simple(5)));
  }

  @Test
  void rulesAcrossLayers_areCheckedOnceAllAreKnown() throws IOException {
    Path file = write("x.yaml", "data: {pad-to: 64}\ntrain: {batch: 0}");
    List<String> overrides = List.of("model.decoder.doublings=5", "train.batch=1");
    assertThat(ExperimentReader.read(file, overrides).model().decoder().sides())
        .containsExactly(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          train: {batch: 0}        | train.batch must be at least 1, but is 0
          train: {batch: many}     | train.batch must be a whole number, but is many
          train: {batch: 1.5}      | train.batch must be a whole number, but is 1.5
          train: {batch: '32'}     | train.batch must be a whole number, but is the text '32'
          train: {batch: [1]}      | train.batch must be a whole number, but is [1]
          train: {batch: {a: 1}}   | train.batch takes a value and has no keys of its own
          train: {batch: }         | train.batch must have a value, but is empty
          train: {batch: 9999999999} | train.batch must be between -2147483648 and 2147483647, but is 9999999999
          seed: 99999999999999999999 | seed must be between -9223372036854775808 and 9223372036854775807, but is 99999999999999999999
          train: {beta: wide}      | train.beta must be a number, but is wide
          train: {beta: -1}        | train.beta must be a finite number of at least 0, but is -1.0
          train: {beta: .nan}      | train.beta must be a number, but is .nan
          train: {clip-norm: 0}    | train.clip-norm must be a finite number above 0, but is 0.0
          train: {clip-norm: 1e999} | train.clip-norm must be a finite number above 0, but is Infinity
          train: {memory: stor}    | train.memory must be one of store, recompute, but is stor
          train: {device: GPU}     | train.device must be one of auto, cpu, gpu, but is GPU
          train: {validation: {samples: 0}} | train.validation.samples must be at least 1, but is 0
          train: {optimizer: {beta1: 1}} | train.optimizer.beta1 must be at least 0 and below 1, but is 1.0
          train: {optimizer: {type: sgd}} | train.optimizer.type must be one of adam, but is sgd
          train: 3                 | train is a group of keys and takes no value; its keys are steps, batch, beta, optimizer, clip-norm, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          model: {decoder: {update: {type: simpel}}} | model.decoder.update.type must be one of residual, simple, gru, but is simpel; did you mean simple?
          model: {decoder: {update: {type: }}} | model.decoder.update.type must be one of residual, simple, gru, but is empty
          model: {decoder: {update: {type: simple, blocks: 1}}} | no such key model.decoder.update.blocks with type simple; the keys here are type, hidden
          model: {encoder: {kernel: 4}} | model.encoder.kernel must be odd and at least 1, but is 4
          model: {latent: 0}       | model.latent must be at least 1, but is 0
          model: {decoder: {doublings: 11}} | model.decoder.doublings must be at most 10 (2048 pixels), but is 11
          data: {train: train}     | data.train must be a list, such as [a, b], but is train
          data: {train: []}        | data.train must name at least one split, none twice, but is []
          data: {train: [a, a]}    | data.train must name at least one split, none twice, but is [a, a]
          data: {train: [a, ~]}    | data.train must hold no empty member, but is [a, empty]
          data: {train: [train, test]} | data.train must not hold the test split test, but is [train, test]
          data: {validation: test} | data.validation must be another split than test, but is test
          data: {file: ''}         | data.file must not be blank, but is ''
          name: a/b                | name must be 1 to 100 letters, digits, dots, dashes or underscores, a letter or digit first, but is 'a/b'
          data: {pad-to: 28}       | data.pad-to must be 32, the side of the images that model.decoder makes, but is 28
          model: {decoder: {doublings: 3}} | data.pad-to must be 16, the side of the images that model.decoder makes, but is 32
          train: {bach: 3}         | no such key train.bach; did you mean train.batch?
          train: {clipNorm: 3}     | no such key train.clipNorm; did you mean train.clip-norm?
          batch: 3                 | no such key batch; did you mean train.batch?
          colour: red              | no such key colour; the keys here are name, seed, data, model, train, evaluation
          type: doubling           | no such key type; did you mean model.decoder.type?
          train: {batch: 1, batch: 2} | the key batch is there twice, first in line 3
          ? [a]                    | a key must be text
          - a                      | a descriptor must be a group of keys
          train: {batch: 1         | not valid YAML: expected ',' or '}', but got <stream end>
          train: a: b              | not valid YAML: mapping values are not allowed here
          """)
  void refusal_namesFileLineAndKey(String line, String message) throws IOException {
    assertThat(refusal("# a comment\n\n" + line)).isEqualTo("x.yaml:3: " + message);
  }

  @Test
  void refusal_namesTheLineThatBrokeTheRule_inTheFileThatHoldsIt() throws IOException {
    write("base.yaml", "train:\n  steps: 1\n  batch: -1\n");
    assertThat(refusal("extends: base.yaml\nseed: 1\n"))
        .isEqualTo("base.yaml:3: train.batch must be at least 1, but is -1");
  }

  @Test
  void refusal_ofTwoKeys_pointsAtTheOneThatWasGivenLast() throws IOException {
    assertThat(refusal("data: {pad-to: 32}\n", "model.decoder.doublings=3", "train.batch=1"))
        .isEqualTo(
            "--set model.decoder.doublings=3: data.pad-to must be 16, the side of the images that"
                + " model.decoder makes, but is 32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train.bach=3      | no such key train.bach; did you mean train.batch?
          train.batch=0     | train.batch must be at least 1, but is 0
          train.batch=      | has no value
          train.batch=~     | has no value
          train.batch       | must be KEY=VALUE, such as train.batch=32
          =3                | must be KEY=VALUE, such as train.batch=32
          train.batch=[     | not valid YAML: expected the node content, but found '<stream end>'
          train..batch=3    | no such key train.; the keys here are steps, batch, beta, optimizer, clip-norm, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          train.batch.x=3   | train.batch takes a value and has no keys of its own
          train.devices=['cpu:99999'] | train.devices must have numbers from 0 to 999, but is [cpu:99999]
          train=3           | train is a group of keys and takes no value; its keys are steps, batch, beta, optimizer, clip-norm, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          extends=a.yaml    | extends belongs in a file
          """)
  void refusal_ofAnOverride_namesIt(String override, String message) throws IOException {
    assertThat(refusal("", override)).isEqualTo("--set " + override + ": " + message);
  }

  @Test
  void refusal_ofExtends() throws IOException {
    assertThat(refusal("seed: 1\nextends: none.yaml\n"))
        .isEqualTo("x.yaml:2: extends none.yaml, but it does not exist");
    assertThat(refusal("extends: [a]\n")).isEqualTo("x.yaml:1: extends must name one file");
    assertThat(refusal("extends:\n")).isEqualTo("x.yaml:1: extends must name one file");
    write("y.yaml", "extends: x.yaml\n");
    assertThat(refusal("extends: y.yaml\n"))
        .isEqualTo("y.yaml:1: extends leads in a circle: x.yaml -> y.yaml -> x.yaml");
    assertThat(refusal("extends: x.yaml\n"))
        .isEqualTo("x.yaml:1: extends leads in a circle: x.yaml -> x.yaml");
  }

  @Test
  void refusal_ofTheFileItself() throws IOException {
    assertThat(refusalOf(folder.resolve("none.yaml")))
        .isEqualTo("none.yaml: there is no such file");
    Files.createDirectories(folder.resolve("dir.yaml"));
    assertThat(refusalOf(folder.resolve("dir.yaml"))).isEqualTo("dir.yaml: is not a file");
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refusalOf(latin)).isEqualTo("latin.yaml: is not text in UTF-8");
  }

  @Test
  void anAliasOfItself_isRefused() throws IOException {
    assertThat(refusal("train: &a\n  images: *a\n")).startsWith("x.yaml:");
  }
}
