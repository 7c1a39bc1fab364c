package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose descriptor asks for a GPU, looked at on a machine without. */
class DeviceOptionTest {
  @TempDir Path folder;

  private Path run;

  @BeforeEach
  void train() throws IOException {
    run = folder.resolve("run");
    Path experiment =
        Tiny.write(
            folder,
            "train: {device: cpu, steps: 1, batch: 2}\nevaluation: {after-training: false}\n");
    Called trained = Called.with("train", experiment.toString(), "--run", run.toString());
    assertThat(trained.status()).as(trained.err()).isZero();
    Path descriptor = run.resolve("experiment.yaml");
    String text = Files.readString(descriptor);
    assertThat(text).contains("device: cpu");
    Files.writeString(descriptor, text.replace("device: cpu", "device: gpu"));
  }

  @Test
  void whatComputes_saysWhyItCannot_andDoesSoOnTheDeviceOfTheOption() {
    NoGpu.assume();
    List<List<String>> commands =
        List.of(
            List.of("evaluate", "RUN", "--images", "2", "--samples", "2"),
            List.of("sample", "RUN", "--count", "2", "--out", folder.resolve("s.png").toString()),
            List.of("probe", "RUN", "--images", "40"),
            List.of("damage", "RUN", "--images", "2", "--steps", "1", "--in-a-row", "2"),
            List.of("figure", "growth", "RUN", "--out", folder.resolve("g.png").toString()));
    for (List<String> command : commands) {
      Called refused = called(command);
      assertThat(refused.status()).as(command.toString()).isEqualTo(1);
      assertThat(refused.err())
          .contains("train.device is gpu, but ")
          .endsWith(", or use --device cpu\n");
      Called refusedAgain = called(with(command, "gpu"));
      assertThat(refusedAgain.err())
          .contains("--device is gpu, but ")
          .endsWith(", or use --device cpu\n");
      Called done = called(with(command, "cpu"));
      assertThat(done.status()).as(command + " " + done.err()).isZero();
    }
    assertThat(called(with(commands.get(0), "tpu")).err())
        .contains("--device must be one of auto, cpu, gpu");
  }

  @Test
  void whatComputesNothing_needsNoGpu() {
    Called weights =
        called(
            List.of(
                "weights", "export", "RUN", "--out", folder.resolve("w.safetensors").toString()));
    assertThat(weights.status()).as(weights.err()).isZero();
    Called model = called(List.of("export", "RUN", "--out", folder.resolve("model").toString()));
    assertThat(model.status()).as(model.err()).isZero();
  }

  /** The weights were on the first of the devices, and measuring goes there, too. */
  @Test
  void firstOfSeveralDevices_isTheOneThatMeasures() throws IOException {
    Path descriptor = run.resolve("experiment.yaml");
    String text = Files.readString(descriptor);
    assertThat(text).contains("devices: []");
    Files.writeString(descriptor, text.replace("devices: []", "devices: [cpu:0, cpu:1]"));
    List<String> sample =
        List.of("sample", "RUN", "--count", "2", "--out", folder.resolve("s.png").toString());
    assertThat(called(sample).status()).isZero();
    NoGpu.assume();
    Files.writeString(descriptor, text.replace("devices: []", "devices: [gpu:0, gpu:1]"));
    assertThat(called(sample).err())
        .contains("train.devices names GPUs, but ")
        .endsWith(", or use --device cpu\n");
    assertThat(called(with(sample, "cpu")).status()).isZero();
  }

  private static List<String> with(List<String> command, String device) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--device", device));
    return all;
  }

  private Called called(List<String> command) {
    List<String> words = new ArrayList<>(command);
    words.replaceAll(word -> word.equals("RUN") ? run.toString() : word);
    words.addAll(List.of("--checkpoint", "latest"));
    return Called.with(words.toArray(String[]::new));
  }
}
