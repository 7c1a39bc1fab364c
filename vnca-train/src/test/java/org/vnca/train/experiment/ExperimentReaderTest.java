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
import org.vnca.graph.rule.UpdateRules;
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
    assertThat(read.train().beta()).isEqualTo(BetaSettings.of(100));
    assertThat(read.train().optimizer())
        .isEqualTo(new OptimizerSettings.Adam(0.5, 0.9, 0.999, 1e-6));
    assertThat(read.train().memory()).isEqualTo(MemoryPolicy.RECOMPUTE);
    assertThat(read.train().batch()).isEqualTo(32);
  }

  @Test
  void beta_isOneNumber_orACourse() throws IOException {
    Path file = write("x.yaml", "train:\n  beta: {from: 0, to: 2, steps: 400}\n");
    Experiment course = ExperimentReader.read(file);
    assertThat(course.train().beta()).isEqualTo(new BetaSettings(0, 2, 400));
    assertThat(Settings.flatten(course))
        .containsEntry("train.beta.from", 0.0)
        .containsEntry("train.beta.steps", 400L);
    Path again = write("again.yaml", ExperimentWriter.toYaml(course));
    assertThat(ExperimentReader.read(again)).isEqualTo(course);
    Experiment number = ExperimentReader.read(file, List.of("train.beta=3"));
    assertThat(number.train().beta()).isEqualTo(BetaSettings.of(3));
    assertThat(Settings.flatten(number)).containsEntry("train.beta", 3.0);
    assertThat(ExperimentReader.read(write("n.yaml", ExperimentWriter.toYaml(number))))
        .isEqualTo(number);
    assertThat(refusalOf(file, "train.beta.steps=0"))
        .contains("train.beta.steps must be at least 1 where from and to differ, but is 0");
    assertThat(refusalOf(file, "train.beta=-1"))
        .contains("train.beta must be a finite number of at least 0, but is -1");
    assertThat(refusalOf(file, "train.beta=much")).contains("train.beta must be a number");
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
        .as("hidden is a key of both")
        .isEqualTo(DecoderSpec.Doubling.of(4, 8, new UpdateSpec.Simple(7)));
  }

  @Test
  void typeChangedByAnOverride_keepsSharedKeys_alsoBelowAnotherDecoder() throws IOException {
    Path file = write("x.yaml", "model: {decoder: {update: {hidden: 32, blocks: 2}}}");
    Experiment gru =
        ExperimentReader.read(file, List.of("model.decoder.update.type=gru", "seed=2"));
    assertThat(Settings.flatten(gru)).containsEntry("model.decoder.update.hidden", 32);
    Experiment other =
        ExperimentReader.read(
            file, List.of("model.decoder.type=non-doubling", "model.decoder.update.type=residual"));
    assertThat(Settings.flatten(other))
        .containsEntry("model.decoder.update.hidden", 32)
        .containsEntry("model.decoder.update.blocks", 2);
  }

  @Test
  void typeChange_thatGivesAKeyAnotherMeaning_isRefusedUnlessItIsGivenAnew() throws IOException {
    Path file = write("x.yaml", "model:\n  decoder:\n    steps: 4\n");
    assertThat(refusalOf(file, "model.decoder.type=non-doubling"))
        .isEqualTo(
            "x.yaml:3: model.decoder.steps means something else with model.decoder.type"
                + " non-doubling, which was chosen later; give model.decoder.steps beside that type,"
                + " too");
    Experiment read =
        ExperimentReader.read(
            file,
            List.of(
                "model.decoder.type=non-doubling",
                "model.decoder.steps={min: 2, max: 3, evaluation: 3}"));
    assertThat(Settings.flatten(read)).containsEntry("model.decoder.steps.max", 3);
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
          train: {optimizer: {type: sgd}} | train.optimizer.type must be one of adam, adamw, but is sgd
          train: 3                 | train is a group of keys and takes no value; its keys are steps, batch, accumulate, samples, objective, beta, free-bits, optimizer, schedule, clip-norm, guard, average, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          model: {decoder: {update: {type: simpel}}} | model.decoder.update.type must be one of RULES, but is simpel; did you mean simple?
          model: {decoder: {update: {type: }}} | model.decoder.update.type must be one of RULES, but is empty
          model: {decoder: {update: {type: simple, blocks: 1}}} | no such key model.decoder.update.blocks with type simple; the keys here are type, hidden
          model: {encoder: {kernel: 4}} | model.encoder.kernel must be odd and at least 1, but is 4
          model: {latent: 0}       | model.latent must be at least 1, but is 0
          model: {decoder: {doublings: 11}} | model.decoder.doublings must be at most 10 (2048 pixels), but is 11
          model: {decoder: {settle: {min: 3, max: 2}}} | model.decoder.settle.max must be from min, 3, to 65536, but is 2
          model: {decoder: {settle: {min: -1}}} | model.decoder.settle.min must be at least 0, but is -1
          model: {decoder: {settle: {evaluation: 99999}}} | model.decoder.settle.evaluation must be at most 65536, but is 99999
          model: {decoder: {type: non-doubling, settle: {max: 2}}} | no such key model.decoder.settle with type non-doubling; the keys here are type, steps, update-probability, update, noise, channels, bound
          train: {pool: {size: 100}} | train.pool.size must be 0 unless model.decoder is non-doubling, or doubling with settle.max above 0, but is 100
          train: {samples: 0}      | train.samples must be at least 1, but is 0
          train: {samples: 99999999} | train.samples must be at most 67108863 with batch 32, but is 99999999
          train: {objective: iwea} | train.objective must be one of elbo, iwae, but is iwea
          train: {objective: iwae, free-bits: 0.1} | train.free-bits must be 0 with objective iwae: its loss has no KL of each dimension to leave alone, but is 0.1
          train: {samples: 2, pool: {size: 100}} | train.samples must be 1 with a pool: an image that goes on from a state has no latent vectors to decode, but is 2
          train: {objective: iwae, pool: {size: 100}} | train.objective must be elbo with a pool: an image that goes on from a state has no latent vector to weigh, but is iwae
          train: {pool: {keep-below: 0.5}} | train.pool.keep-below must be 0, for no limit, or at least 1 and finite, but is 0.5
          train: {pool: {from: -1}} | train.pool.from must be at least 0, but is -1
          train: {pool: {kl: some}} | train.pool.kl must be one of all, fresh, but is some
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
          seed: 007                | seed must be a number without zeros in front, which may mean octal, but is 007
          data: {file: "a\\nb"}     | data.file must be in one line and have no control characters, but is the text 'a b'
          data: {file: "a\\0b"}     | data.file must be in one line and have no control characters, but is the text 'a b'
          train: a: b              | not valid YAML: mapping values are not allowed here
          """)
  void refusal_namesFileLineAndKey(String line, String message) throws IOException {
    String rules = String.join(", ", UpdateRules.all().byType().keySet());
    assertThat(refusal("# a comment\n\n" + line))
        .isEqualTo("x.yaml:3: " + message.replace("RULES", rules));
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
          train.batch=~     | train.batch must be a whole number, but is ~
          train.batch=null  | train.batch must be a whole number, but is null
          train.batch=0777  | train.batch must be a number without zeros in front, which may mean octal, but is 0777
          train.batch=0x10  | train.batch must be a whole number, but is 0x10
          train.batch=1e3   | train.batch must be a whole number, but is 1e3
          train.batch="3"   | train.batch must be a whole number, but is "3"
          train.beta=.inf   | train.beta must be a number, but is .inf
          train.beta=1e-999 | train.beta must be 0 or a number that 64 bits tell from 0, but is 1e-999
          train.beta=١      | train.beta must be a number, but is ١
          train.xla=yes     | train.xla must be true or false, but is yes
          train.batch=[1]   | train.batch must be a whole number, but is [1]
          data.train=a      | data.train must be a list, such as [a, b], but is a
          data.train=[a, b  | data.train must be a list, such as [a, b], with quotes round a member that has # , : [ ] { }, but is [a, b
          data.train=[a] b  | data.train must be a list, such as [a, b], with quotes round a member that has # , : [ ] { }, but is [a] b
          data.train=[a #1, b] | data.train must be a list, such as [a, b], with quotes round a member that has # , : [ ] { }, but is [a #1, b]
          model.encoder={filters: 3 | model.encoder is a group of keys and takes no value; a group is written like {key: value, key: value}, but is {filters: 3
          train.devices=[[[[[[[[[[[[[[[[[[[[[cpu:0]]]]]]]]]]]]]]]]]]]]] | groups and lists are nested too deep, more than 20 in each other
          train.batch       | must be KEY=VALUE, such as train.batch=32
          =3                | must be KEY=VALUE, such as train.batch=32
          train.batch=[     | train.batch must be a whole number, but is [
          train..batch=3    | no such key train.; the keys here are steps, batch, accumulate, samples, objective, beta, free-bits, optimizer, schedule, clip-norm, guard, average, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          train.batch.x=3   | train.batch takes a value and has no keys of its own
          train.devices=['cpu:99999'] | train.devices must have numbers from 0 to 999, but is [cpu:99999]
          train=3           | train is a group of keys and takes no value; its keys are steps, batch, accumulate, samples, objective, beta, free-bits, optimizer, schedule, clip-norm, guard, average, memory, precision, convolutions, xla, device, devices, threads, pool, validation, checkpoint, report, images
          extends=a.yaml    | extends belongs in a file
          """)
  void refusal_ofAnOverride_namesIt(String override, String message) throws IOException {
    assertThat(refusal("", override)).isEqualTo("--set " + override + ": " + message);
  }

  @Test
  void refusal_ofAnOverrideBelowAnothersValue_whichWouldBeDropped() throws IOException {
    assertThat(refusal("", "train=3", "train.batch=4"))
        .isEqualTo(
            "--set train.batch=4: a key is set below one that is given 3 at --set train=3; leave one"
                + " of them out");
    assertThat(refusal("", "train=3", "train={batch: 4}")).contains("leave one of them out");
    assertThat(refusal("", "model.decoder=x", "model={decoder: {type: doubling}}"))
        .contains("leave one of them out");
    assertThat(refusal("", "train.batch=4", "train=3")).contains("train is a group of keys");
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
    assertThat(refusalOf(latin)).isEqualTo("latin.yaml:1: is not text in UTF-8; save it as UTF-8");
  }

  @Test
  void anAliasOfItself_isRefused() throws IOException {
    assertThat(refusal("train: &a\n  images: *a\n")).startsWith("x.yaml:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a #1.h5",
        "#a",
        "a: b",
        "[a] b.h5",
        "[a",
        "{a}.h5",
        "[a]",
        "{a: 1}",
        "@a",
        "*a",
        "&a",
        "%a",
        "!a",
        "`a",
        "\"a\"",
        "'a",
        "a'b",
        "null",
        "~",
        "2020-01-01",
        "0777",
        "1_000",
        "0x10",
        ".inf",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "1e-3",
        " a ",
        "-",
        "- a",
        "? a",
        "| a",
        "> a",
        "---",
        "...",
        ": a",
        ",",
        "gr\u00f6sse",
        "<<",
        "a=b",
        "\ud83d\ude00",
        "{{x}}",
        "[[",
        "&a [*a]"
      })
  void overriddenText_isWhatWasTyped(String text) throws IOException {
    Path file = write("x.yaml", "");
    Experiment read = ExperimentReader.read(file, List.of("data.file=" + text));
    assertThat(read.data().file()).isEqualTo(text);
    Path again = write("again.yaml", ExperimentWriter.toYaml(read));
    assertThat(ExperimentReader.read(again).data().file())
        .as("as a run records it")
        .isEqualTo(text);
  }

  @Test
  void overriddenWordsAndNumbers_mayHaveSpacesAround() throws IOException {
    Path file = write("x.yaml", "");
    Experiment read =
        ExperimentReader.read(
            file,
            List.of(
                "train.steps = 1_000",
                "train.optimizer.learning-rate= 1e-3 ",
                "train.memory= recompute ",
                "train.xla= true",
                "model.decoder.update.type= gru ",
                "data.train= ['a #1', \"b, c\"] "));
    assertThat(read.train().steps()).isEqualTo(1000);
    assertThat(read.train().optimizer().toString()).contains("0.001");
    assertThat(read.train().memory()).isEqualTo(MemoryPolicy.RECOMPUTE);
    assertThat(read.train().xla()).isTrue();
    assertThat(read.data().train()).containsExactly("a #1", "b, c");
  }
}
