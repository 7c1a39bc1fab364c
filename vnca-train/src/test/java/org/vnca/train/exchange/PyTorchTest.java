package org.vnca.train.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Models;
import org.vnca.train.trainer.StopSignal;
import org.vnca.train.trainer.Trainer;
import org.vnca.train.trainer.Watch;

/** PyTorch itself loads what is exported, computes the same, and its file is imported. */
class PyTorchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void pyTorch_loadsOurWeightsStrictly_computesTheSame_andWeLoadItsFile() throws Exception {
    String python = System.getenv("VNCA_PYTHON");
    assumeTrue(python != null, "VNCA_PYTHON names no Python with torch and safetensors");
    assumeTrue(
        run(python, "-c", "import torch, safetensors").status == 0,
        "the Python that VNCA_PYTHON names has no torch or no safetensors");
    Watch watch =
        new Watch(
            true,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new StopSignal());
    Experiment experiment = experiment();
    Path trained = folder.resolve("trained");
    Trainer.start(experiment, folder, trained, Manifest.here(folder), watch);
    Path ours = folder.resolve("ours.safetensors");
    Weights.exporting(trained, ModelChoice.of("latest"), ours, Optional.empty(), false, watch);

    byte[] image = new byte[28 * 28];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (i * i % 7 < 2 ? 1 : 0);
    }
    RunDirectory run = RunDirectory.open(trained);
    float[] mean;
    float[] z;
    float[] pixels;
    float[] decoded;
    try (VncaSession session =
        Models.onCpu(experiment, run.checkpoints().resolve("latest", notice -> {}))) {
      mean = session.sampling().posteriorMeans(image)[0];
      z = session.sampling().prior(new long[] {3})[0];
      pixels = session.sampling().pixels(image)[0];
      decoded = session.sampling().means(new float[][] {z})[0];
    }
    JsonNode theirs = python(python, ours, z, pixels);
    for (int i = 0; i < mean.length; i++) {
      assertThat(theirs.path("code").get(i).asDouble()).isCloseTo(mean[i], within(1e-4));
    }
    for (int i = 0; i < decoded.length; i++) {
      double p = 1 / (1 + Math.exp(-theirs.path("logits").get(i).asDouble()));
      assertThat(p).isCloseTo(decoded[i], within(1e-4));
    }

    Path again = folder.resolve("again");
    Weights.importing(
        experiment,
        folder.resolve("again.safetensors"),
        folder,
        again,
        Manifest.here(folder),
        watch);
    assertThat(SafeTensors.read(folder.resolve("again.safetensors"))).hasSize(20);
    Path back = folder.resolve("back.safetensors");
    Weights.exporting(again, ModelChoice.of("best"), back, Optional.empty(), false, watch);
    Map<String, SafeTensors.Tensor> first = SafeTensors.read(ours);
    SafeTensors.read(back)
        .forEach(
            (name, tensor) ->
                assertThat(tensor.values()).as(name).isEqualTo(first.get(name).values()));
  }

  private JsonNode python(String python, Path weights, float[] z, float[] pixels)
      throws IOException, InterruptedException {
    List<List<Float>> rows = new ArrayList<>();
    for (int y = 0; y < 32; y++) {
      List<Float> row = new ArrayList<>();
      for (int x = 0; x < 32; x++) {
        row.add(pixels[32 * y + x]);
      }
      rows.add(row);
    }
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("latent", 6);
    arguments.put("hidden", 5);
    arguments.put("blocks", 1);
    arguments.put("filters", 2);
    arguments.put("doublings", 4);
    arguments.put("steps", 2);
    arguments.put("image", rows);
    arguments.put("z", z);
    Path file = folder.resolve("arguments.json");
    JSON.writeValue(file.toFile(), arguments);
    Path script = folder.resolve("state_dict.py");
    try (InputStream in = PyTorchTest.class.getResourceAsStream("state_dict.py")) {
      Files.copy(in, script);
    }
    Output output = run(python, script.toString(), weights.toString(), file.toString());
    assertThat(output.status).as(output.text).isZero();
    return JSON.readTree(output.text.substring(output.text.indexOf("{\"code\"")));
  }

  private static Experiment experiment() {
    return ExperimentReader.read(
        Path.of("../experiments/quickstart.yaml"),
        List.of(
            "model.latent=6",
            "model.encoder.filters=2",
            "model.decoder.steps=2",
            "model.decoder.update.hidden=5",
            "model.decoder.update.blocks=1",
            "train.steps=4",
            "train.batch=4",
            "train.device=cpu",
            "train.images.every=0",
            "train.validation.images=4"));
  }

  private static Output run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }

  private record Output(int status, String text) {}
}
