package org.vnca.eval.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.data.ImageDataset;
import org.vnca.eval.TinyRun;
import org.vnca.graph.session.Sampling;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Models;

class ModelExportTest {
  private static final String DOUBLING = "{steps: 2, update: {hidden: 8, blocks: 1}}";
  private static final String NON_DOUBLING =
      "{type: non-doubling, steps: {min: 2, max: 4, evaluation: 3}, update: {type: simple, hidden: 8}}";
  private static final String SETTLING =
      "{steps: 2, update: {hidden: 8, blocks: 1}, settle: {min: 1, max: 4, evaluation: 3}}";
  private static final int COUNT = 5;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {DOUBLING, NON_DOUBLING, SETTLING})
  void savedModel_computesWhatTheSessionDoes(String decoder) throws IOException {
    Path run = TinyRun.train(folder, decoder);
    Path out = folder.resolve("model");
    ExportReport report = ModelExport.write(run, ModelChoice.of("latest"), out, TinyRun.watch());
    assertThat(report.signatures())
        .extracting(ExportReport.Signature::name)
        .containsExactly("encode", "decode", "sample", "grow");
    assertThat(report.signatures().get(3).outputs())
        .isEqualTo(Map.of("mean", "float [-1, 32, 32, 1]", "states", "float [-1, 32, 32, -1]"));
    assertThat(report.signatures().get(2).outputs())
        .isEqualTo(Map.of("images", "float [-1, 32, 32, 1]", "latents", "float [-1, 8]"));
    byte[] images;
    try (ImageDataset dataset = ImageDataset.open("embedded:digits")) {
      images = dataset.split("test").read(new int[] {0, 1, 2, 3, 4});
    }
    long[] numbers = {0, 1, 2, 3, 4};
    RunDirectory directory = RunDirectory.open(run);
    try (VncaSession session =
            Models.onCpu(
                directory.experiment(), directory.checkpoints().resolve("latest", notice -> {}));
        SavedModelBundle model = SavedModelBundle.load(out.toString(), "serve");
        TUint8 stored = TUint8.tensorOf(Shape.of(COUNT, 28, 28, 1), DataBuffers.of(images));
        TInt64 which = TInt64.vectorOf(numbers)) {
      assertThat(model.signatures())
          .extracting(Signature::key)
          .containsExactlyInAnyOrder("encode", "decode", "sample", "grow");
      float[][] means = session.sampling().posteriorMeans(images);
      assertClose(call(model, "encode", Map.of("images", stored), "mean"), means);
      float[][] prior = session.sampling().prior(numbers);
      assertClose(call(model, "sample", Map.of("numbers", which), "latents"), prior);
      assertClose(
          call(model, "sample", Map.of("numbers", which), "images"),
          session.sampling().samples(prior, numbers));
      try (TFloat32 z = TFloat32.tensorOf(Shape.of(COUNT, 8), DataBuffers.of(flat(means)))) {
        assertClose(
            call(model, "decode", Map.of("latents", z), "mean"), session.sampling().means(means));
        try (TFloat32 wide = TFloat32.tensorOf(Shape.of(1, 9))) {
          assertThatThrownBy(() -> call(model, "decode", Map.of("latents", wide), "mean"))
              .isInstanceOf(TFInvalidArgumentException.class)
              .hasMessageContaining("[1,9]")
              .hasMessageContaining("[?,8]");
        }
        if (decoder.equals(SETTLING)) {
          assertSettles(model, session, z, means[0]);
        } else {
          assertGrows(model, session, z, means[0], decoder.equals(NON_DOUBLING));
        }
      }
    }
    assertThat(out.resolve("assets.extra/experiment.yaml")).exists();
    assertThat(Files.readString(out.resolve("assets.extra/export.json")))
        .contains("\"step\" : 20", "\"weights\" : \"trained\"");
  }

  /** The states of a non-doubling decoder on the way are those of fewer steps. */
  private static void assertGrows(
      SavedModelBundle model, VncaSession session, TFloat32 z, float[] first, boolean onTheWay) {
    List<Sampling.GrowthStage> growth = session.sampling().growth(first);
    float[][] last = growth.get(growth.size() - 1).images();
    int steps = last.length - 1;
    for (int t = onTheWay ? 0 : steps; t <= steps; t++) {
      try (TInt32 count = TInt32.scalarOf(t)) {
        float[] grown = call(model, "grow", Map.of("latents", z, "steps", count), "mean");
        float[] one = Arrays.copyOf(grown, 32 * 32);
        assertClose(one, new float[][] {last[t]});
      }
    }
    try (TInt32 count = TInt32.scalarOf(steps + 3)) {
      float[] grown = call(model, "grow", Map.of("latents", z, "steps", count), "mean");
      assertThat(Arrays.copyOf(grown, 32 * 32)).isNotEqualTo(last[steps]);
    }
  }

  /** Both numbers of steps may be told; the last stage's states are those of settling. */
  private static void assertSettles(
      SavedModelBundle model, VncaSession session, TFloat32 z, float[] first) {
    float[][] last = session.sampling().growth(first).get(4).images();
    assertThat(last).hasNumberOfRows(1 + 2 + 3);
    for (int settle = 0; settle <= 3; settle++) {
      try (TInt32 steps = TInt32.scalarOf(2);
          TInt32 further = TInt32.scalarOf(settle)) {
        float[] grown =
            call(model, "grow", Map.of("latents", z, "steps", steps, "settle", further), "mean");
        assertClose(Arrays.copyOf(grown, 32 * 32), new float[][] {last[2 + settle]});
      }
    }
  }

  /** Its hidden maps are no states of an automaton: there is nothing that could go on growing. */
  @Test
  void convolutionalDecoder_hasNoGrow() throws IOException {
    Path run = TinyRun.train(folder, "{type: convolutional, doublings: 4, filters: 2}");
    Path out = folder.resolve("model");
    ExportReport report = ModelExport.write(run, ModelChoice.of("latest"), out, TinyRun.watch());
    assertThat(report.signatures())
        .extracting(ExportReport.Signature::name)
        .containsExactly("encode", "decode", "sample");
    RunDirectory directory = RunDirectory.open(run);
    try (VncaSession session =
            Models.onCpu(
                directory.experiment(), directory.checkpoints().resolve("latest", notice -> {}));
        SavedModelBundle model = SavedModelBundle.load(out.toString(), "serve");
        TInt64 which = TInt64.vectorOf(7, 8)) {
      assertThat(model.signatures())
          .extracting(Signature::key)
          .containsExactlyInAnyOrder("encode", "decode", "sample");
      float[][] prior = session.sampling().prior(new long[] {7, 8});
      assertClose(
          call(model, "sample", Map.of("numbers", which), "images"),
          session.sampling().samples(prior, new long[] {7, 8}));
      try (TFloat32 z = TFloat32.tensorOf(Shape.of(2, 8), DataBuffers.of(flat(prior)))) {
        assertClose(
            call(model, "decode", Map.of("latents", z), "mean"), session.sampling().means(prior));
      }
    }
  }

  @Test
  void directoryThatIsNotEmpty_isRefused() throws IOException {
    Path run = TinyRun.train(folder, DOUBLING);
    Path out = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(out.resolve("mine.txt"), "");
    assertThatThrownBy(() -> ModelExport.write(run, ModelChoice.of("latest"), out, TinyRun.watch()))
        .isInstanceOf(RunException.class)
        .hasMessage(out + " is not empty; name another directory");
  }

  @Test
  void leftBehindByAKill_isGoneOnWith_andTheModelComesLast() throws IOException {
    Path run = TinyRun.train(folder, DOUBLING);
    Path out = folder.resolve("killed");
    Path extra = Files.createDirectories(out.resolve("assets.extra"));
    Files.writeString(extra.resolve("manifest.json"), "{");
    Files.writeString(out.resolve(".tmp-saved_model.pb-1-0123456789abcdef"), "half");
    ModelExport.write(run, ModelChoice.of("latest"), out, TinyRun.watch());
    assertThat(out.toFile().list()).containsExactlyInAnyOrder("assets.extra", "saved_model.pb");
    assertThat(extra.resolve("manifest.json"))
        .hasSameTextualContentAs(run.resolve("manifest.json"));
    assertThatThrownBy(() -> ModelExport.write(run, ModelChoice.of("latest"), out, TinyRun.watch()))
        .hasMessage(out + " is not empty; name another directory");
  }

  /** Whatever moment a kill finds, a directory with a model has all that belongs to it. */
  @Test
  void beforeTheModelIsThere_allElseIs() throws IOException {
    Path run = TinyRun.train(folder, DOUBLING);
    Path out = folder.resolve("half");
    // A fault before the model is written stands for a kill.
    Files.createDirectories(out.resolve("assets.extra/experiment.yaml/in-the-way"));
    assertThatThrownBy(() -> ModelExport.write(run, ModelChoice.of("latest"), out, TinyRun.watch()))
        .isInstanceOf(RunException.class);
    assertThat(out.resolve("saved_model.pb")).doesNotExist();
  }

  private static float[] call(
      SavedModelBundle model, String signature, Map<String, Tensor> inputs, String output) {
    try (Result result = model.function(signature).call(inputs)) {
      TFloat32 tensor = (TFloat32) result.get(output).orElseThrow();
      float[] values = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }

  private static float[] flat(float[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * rows[0].length, rows[0].length);
    }
    return values;
  }

  private static void assertClose(float[] found, float[][] expected) {
    assertThat(found).containsExactly(flat(expected), within(1e-5f));
  }
}
