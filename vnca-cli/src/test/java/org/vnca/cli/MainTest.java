package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"train", "resume", "evaluate", "sample", "runs", "data import", "data info"})
  void help_ofEveryCommand_saysUsageOptionsAndExample(String command) {
    Answer answer = call(("help " + command).split(" "));
    assertThat(answer.status).isZero();
    assertThat(answer.out).contains("./vnca " + command, "--json", "--debug");
    assertThat(call((command + " --help").split(" ")).out).isEqualTo(answer.out);
  }

  @ParameterizedTest
  @CsvSource({
    "evaluat RUN,unknown command 'evaluat'; did you mean evaluate?",
    "train a.yaml --sett x=1,unknown train option '--sett'; did you mean --set?",
    "train,train needs EXPERIMENT",
    "data,'data needs one of: import, info'",
    "sample RUN,sample needs --out",
    "evaluate RUN --samples many,--samples",
    "runs a b,runs"
  })
  void wrongWords_exit2WithOneLineAndHowToGetHelp(String line, String message) {
    Answer answer = call(line.split(" "));
    assertThat(answer.status).isEqualTo(2);
    assertThat(answer.out).isEmpty();
    List<String> lines = answer.err.lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("vnca: ").contains(message);
    assertThat(lines.get(1)).startsWith("for help: ./vnca help");
  }

  @Test
  void faultsOfADescriptor_exit1NamingFileLineAndKey() throws IOException {
    Path descriptor = folder.resolve("x.yaml");
    Files.writeString(descriptor, "name: x\ntrain:\n  batch: 0\n");
    assertFails(
        "x.yaml:3: train.batch must be at least 1, but is 0", "train", descriptor.toString());
    Files.writeString(descriptor, "name: x\ntrain:\n  bach: 3\n");
    assertFails("x.yaml:3: no such key train.bach", "train", descriptor.toString());
    Files.writeString(descriptor, "name: x\n");
    assertFails(
        "--set train.batch=many: train.batch must be a whole number, but is many",
        "train",
        descriptor.toString(),
        "--set",
        "train.batch=many");
    assertFails("none.yaml: there is no such file", "train", folder + "/none.yaml");
    assertFails(
        "none.h5 does not exist",
        "train",
        descriptor.toString(),
        "--set",
        "data.file=" + folder + "/none.h5");
    assertThat(folder.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void missingRun_exits1() {
    assertFails("there is no run", "evaluate", folder + "/none");
    assertFails("there is no run", "resume", folder + "/none");
    assertFails(
        "is not a run: it has no experiment.yaml", "sample", folder.toString(), "--out", "x.png");
  }

  @Test
  void damagedDataset_exits1AndWritesNothing() throws IOException {
    Path data = folder.resolve("broken.h5");
    Files.write(data, new byte[] {1, 2, 3});
    assertFails("broken.h5", "data", "info", data.toString());
    Path images = folder.resolve("amat");
    Files.createDirectory(images);
    Path out = folder.resolve("out.h5");
    assertFails(
        "binarized_mnist_train.amat",
        "data",
        "import",
        "binarized-mnist",
        images.toString(),
        "--out",
        out.toString());
    assertThat(out).doesNotExist();
  }

  @Test
  void dataInfo_asJson_isOneObject() throws IOException {
    Answer answer = call("data", "info", "embedded:digits", "--json");
    assertThat(answer.status).isZero();
    JsonNode json = new ObjectMapper().readTree(answer.out);
    assertThat(json.path("pixels").asText()).isEqualToIgnoringCase("binary");
    assertThat(json.path("splits")).hasSize(3);
    assertThat(answer.out.lines()).hasSize(1);
  }

  @Test
  void version_namesWhatItIsMadeOf() {
    assertThat(call("--version").out).startsWith("vnca 0.1").contains("TensorFlow Java 1.1.0");
  }

  private void assertFails(String message, String... words) {
    Answer answer = call(words);
    assertThat(answer.status).as(String.join(" ", words)).isEqualTo(1);
    assertThat(answer.out).isEmpty();
    assertThat(answer.err.strip().lines()).hasSize(1);
    assertThat(answer.err).startsWith("vnca: ").contains(message);
  }

  private static Answer call(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            List.of(words),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new Interruption());
    return new Answer(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private record Answer(int status, String out, String err) {}
}
