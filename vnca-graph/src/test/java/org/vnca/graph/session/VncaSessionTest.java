package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceException;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.device.NoGpu;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.TrainingStep;

class VncaSessionTest {
  private static final int IMAGE = 12 * 12;
  private static final ModelSpec MODEL =
      bernoulli(8, DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1)));
  private static final InputSpec INPUT = new InputSpec(new ImageShape(12, 12, 1), 16, true);
  private static final ModelSpec NON_DOUBLING =
      bernoulli(
          8,
          new DecoderSpec.NonDoubling(
              new DecoderSpec.StepRange(3, 6, 5), 0.7, new UpdateSpec.Simple(8)));
  private static final InputSpec UNPADDED = new InputSpec(new ImageShape(12, 12, 1), 0, true);
  private static final PoolSpec POOL = new PoolSpec(12, 6, PoolSpec.Used.STAY);
  private static final Host HOST = new Host(DeviceRequest.setting(Device.CPU), 2);

  @TempDir Path folder;

  @Test
  void train_onOneBatch_lowersTheLoss() {
    try (VncaSession session = training(1)) {
      assertThat(lossAfter(session, crosses(8), 60)).isLessThan(0.6f);
    }
  }

  @Test
  void convolutionalBaseline_learns_andHasNoGrowth() {
    ModelSpec model = bernoulli(8, new DecoderSpec.Convolutional(3, 2, 5, true, 0));
    try (VncaSession session = training(model, UNPADDED, 1)) {
      assertThat(lossAfter(session, crosses(8), 150)).isLessThan(0.6f);
      assertThat(session.sampling().grows()).isFalse();
      float[] z = session.sampling().prior(new long[] {1})[0];
      assertThat(session.sampling().means(new float[][] {z})[0]).hasSize(IMAGE);
      assertThatThrownBy(() -> session.sampling().growth(z))
          .hasMessage(
              "growth needs a cellular decoder, but this model's decoder is convolutional: its"
                  + " hidden maps are no images");
    }
  }

  /** Eight maps of 64 x 64 x 256 are 32 MiB. */
  @Test
  void wideMaps_onACpu_areDecodedAFewAtATime_toTheSameImages() {
    ModelSpec model =
        bernoulli(
            4,
            new DecoderSpec.NonDoubling(
                new DecoderSpec.StepRange(1, 1, 1), 0.5, new UpdateSpec.Simple(256)));
    InputSpec input = new InputSpec(new ImageShape(64, 64, 1), 0, true);
    try (VncaSession session = VncaSession.forEvaluation(model, input, 1, HOST)) {
      session.initialize();
      assertThat(session.sampling().decodings(100)).isEqualTo(8);
      assertThat(session.sampling().decodings(3)).isEqualTo(3);
      long[] numbers = LongStream.range(5, 15).toArray();
      float[][] latents = session.sampling().prior(numbers);
      float[][] means = session.sampling().means(latents);
      float[][] samples = session.sampling().samples(latents, numbers);
      assertThat(means).hasDimensions(10, 64 * 64);
      for (int i : new int[] {0, 7, 8, 9}) {
        float[][] one = {latents[i]};
        assertClose(session.sampling().means(one)[0], means[i]);
        assertThat(session.sampling().samples(one, new long[] {numbers[i]})[0])
            .isEqualTo(samples[i]);
      }
      assertThat(means[8]).isNotEqualTo(means[0]);
    }
    try (VncaSession narrow = VncaSession.forEvaluation(MODEL, INPUT, 1, HOST)) {
      assertThat(narrow.sampling().decodings(1000)).isEqualTo(1000);
    }
  }

  @Test
  void logisticMixture_learnsColours() {
    ModelSpec model =
        new ModelSpec(
            20,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1)),
            new LikelihoodSpec.LogisticMixture(2, 30, false));
    InputSpec colours = new InputSpec(new ImageShape(16, 16, 3), 0, false);
    byte[] images = new byte[4 * 16 * 16 * 3];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (40 * (i % 3) + i % 5 + 10 * (i / (16 * 16 * 3)));
    }
    try (VncaSession session = training(model, colours, 1)) {
      assertThat(lossAfter(session, images, 100)).isLessThan(0.8f);
      float[][] latents = session.sampling().posteriorMeans(images);
      float[] mean = session.sampling().means(latents)[1];
      float[] alone = session.sampling().means(new float[][] {latents[1]})[0];
      assertClose(alone, mean);
      assertThat(mean[1]).isCloseTo((40 + 12) / 255f, within(0.1f));
      float[] sample = session.sampling().samples(latents, new long[] {1, 2, 3, 4})[1];
      assertClose(
          session.sampling().samples(new float[][] {latents[1]}, new long[] {2})[0], sample);
      assertClose(session.sampling().growth(latents[1]).get(3).images()[2], mean);
    }
  }

  @Test
  void train_afterRestore_goesOnBitForBit() {
    byte[] images = crosses(8);
    Map<String, float[]> straight;
    try (VncaSession session = training(1)) {
      session.initialize();
      for (int step = 0; step < 6; step++) {
        session.training().step(images, step);
        if (step == 2) {
          session.save(folder.resolve("variables"), 3);
        }
      }
      straight = session.variables().values();
    }
    try (VncaSession session = training(1)) {
      session.restore(folder.resolve("variables"));
      for (int step = 3; step < 6; step++) {
        session.training().step(images, step);
      }
      assertSame(session.variables().values(), straight);
    }
  }

  @Test
  void pool_afterRestore_isTheSameBitForBit_andGoesOn() {
    byte[] images = crosses(8);
    Map<String, float[]> saved;
    int[] entries;
    Map<String, float[]> straight;
    try (VncaSession session = training(NON_DOUBLING, UNPADDED, 1, POOL)) {
      session.initialize();
      for (int step = 0; step < 4; step++) {
        session.training().step(images, step);
      }
      session.save(folder.resolve("variables"), 4);
      saved = session.variables().values();
      entries = session.training().poolEntries();
      for (int step = 4; step < 7; step++) {
        session.training().step(images, step);
      }
      straight = session.variables().values();
    }
    assertThat(saved).containsKeys("pool/states", "pool/images");
    assertThat(entries).hasSize(12).doesNotHaveDuplicates();
    try (VncaSession session = training(NON_DOUBLING, UNPADDED, 1, POOL)) {
      session.restore(folder.resolve("variables"));
      assertThat(session.training().poolEntries()).containsExactly(entries);
      assertSame(session.variables().values(), saved);
      for (int step = 4; step < 7; step++) {
        session.training().step(images, step);
      }
      assertSame(session.variables().values(), straight);
    }
    try (VncaSession session = VncaSession.forEvaluation(NON_DOUBLING, UNPADDED, 1, HOST)) {
      session.restore(folder.resolve("variables"));
      assertThat(session.variables().values()).doesNotContainKey("pool/states");
    }
  }

  @Test
  void nonDoubling_learns_andGrowsInOneStage() {
    byte[] images = crosses(8);
    try (VncaSession session = training(NON_DOUBLING, UNPADDED, 1, PoolSpec.NONE)) {
      assertThat(lossAfter(session, images, 150)).isLessThan(0.7f);
      float[] z = session.sampling().prior(new long[] {1})[0];
      List<Sampling.GrowthStage> growth = session.sampling().growth(z);
      assertThat(growth).hasSize(1);
      assertThat(growth.get(0).side()).isEqualTo(12);
      assertThat(growth.get(0).images()).hasDimensions(5 + 1, IMAGE);
      assertClose(growth.get(0).images()[5], session.sampling().means(new float[][] {z})[0]);
    }
  }

  @Test
  void measuring_withRandomCells_doesNotDependOnTheBatch() {
    byte[] images = crosses(6);
    try (VncaSession session = training(NON_DOUBLING, UNPADDED, 1, PoolSpec.NONE)) {
      session.initialize();
      for (int step = 0; step < 20; step++) {
        session.training().step(images, step);
      }
      float[][] latents = session.sampling().posteriorMeans(images);
      float[] alone = session.sampling().means(new float[][] {latents[4]})[0];
      assertClose(alone, session.sampling().means(latents)[4]);
    }
  }

  private static void assertSame(Map<String, float[]> values, Map<String, float[]> expected) {
    assertThat(values.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, value) -> assertThat(values.get(name)).as(name).isEqualTo(value));
  }

  @Test
  void initialize_drawsEachLayerFromItsOwnStreamWithPyTorchsBounds() {
    try (VncaSession session = training(1);
        VncaSession same = training(1);
        VncaSession other = training(2)) {
      session.initialize();
      same.initialize();
      other.initialize();
      Map<String, float[]> values = session.variables().values();
      Map<String, Double> fanIns = new HashMap<>();
      fanIns.put("encoder/conv0", 25.0);
      fanIns.put("encoder/conv3", 25.0 * 8);
      fanIns.put("encoder/dense", 32.0);
      fanIns.put("decoder/perceive", 9.0 * 8);
      fanIns.put("decoder/res0/a", 8.0);
      fanIns.forEach(
          (layer, fanIn) -> {
            double bound = 1 / Math.sqrt(fanIn);
            float[] weight = values.get(layer + "/weight");
            assertThat(most(weight)).as(layer).isBetween(0.85 * bound, bound);
            assertThat(most(values.get(layer + "/bias"))).as(layer).isLessThanOrEqualTo(bound);
            assertThat(mean(weight))
                .as(layer)
                .isCloseTo(0, within(4 * bound / Math.sqrt(3.0 * weight.length)));
          });
      assertThat(values.get("decoder/res0/a/weight"))
          .isNotEqualTo(values.get("decoder/res0/b/weight"));
      assertThat(most(values.get("decoder/out/weight"))).isZero();
      assertThat(most(values.get("decoder/out/bias"))).isZero();
      assertThat(same.variables().values().get("encoder/conv1/weight"))
          .isEqualTo(values.get("encoder/conv1/weight"));
      assertThat(other.variables().values().get("encoder/conv1/weight"))
          .isNotEqualTo(values.get("encoder/conv1/weight"));
    }
  }

  @Test
  void importanceSamples_doNotDependOnTheBatchOrOnThePieces() {
    try (VncaSession session = trained()) {
      byte[] images = crosses(5);
      long[] numbers = {7, 3, 11, 1000, 0};
      Sampling.SampleValues whole = session.sampling().importanceSamples(images, numbers, 0, 40);
      Sampling.SampleValues second = session.sampling().importanceSamples(images, numbers, 32, 8);
      Sampling.SampleValues alone =
          session
              .sampling()
              .importanceSamples(
                  Arrays.copyOfRange(images, 3 * IMAGE, 4 * IMAGE), new long[] {1000}, 0, 3);
      assertClose(second.logLikelihood()[2], Arrays.copyOfRange(whole.logLikelihood()[2], 32, 40));
      assertClose(second.logPriorRatio()[4], Arrays.copyOfRange(whole.logPriorRatio()[4], 32, 40));
      assertClose(alone.logLikelihood()[0], Arrays.copyOf(whole.logLikelihood()[3], 3));
      assertClose(alone.kl(), new float[] {whole.kl()[3]});
      assertThat(whole.logPriorRatio()[0]).isNotEqualTo(whole.logPriorRatio()[1]);
    }
  }

  @Test
  void logPriorRatio_averagesToMinusTheKl() {
    try (VncaSession session = trained()) {
      Sampling.SampleValues got =
          session.sampling().importanceSamples(crosses(1), new long[] {0}, 0, 4000);
      assertThat(mean(got.logPriorRatio()[0]))
          .isCloseTo(-got.kl()[0], within(0.03 * got.kl()[0] + 0.05));
    }
  }

  @Test
  void dreams_dependOnTheirNumberAlone() {
    try (VncaSession session = trained()) {
      float[][] many = session.sampling().prior(new long[] {4, 5, 6});
      float[][] one = session.sampling().prior(new long[] {5});
      assertThat(one[0]).isEqualTo(many[1]);
      float[][] samples = session.sampling().samples(many, new long[] {4, 5, 6});
      assertClose(session.sampling().samples(one, new long[] {5})[0], samples[1]);
      assertThat(samples[0]).containsOnly(0f, 1f);
      float[] means = session.sampling().means(one)[0];
      List<Sampling.GrowthStage> growth = session.sampling().growth(one[0]);
      assertThat(growth).extracting(Sampling.GrowthStage::side).containsExactly(2, 4, 8, 16);
      assertThat(growth).allSatisfy(stage -> assertThat(stage.images()).hasNumberOfRows(3));
      assertClose(growth.get(3).images()[2], means);
    }
  }

  @Test
  void pixels_arePaddedAllRound() {
    try (VncaSession session = trained()) {
      byte[] images = new byte[IMAGE];
      images[0] = 1;
      float[] padded = session.sampling().pixels(images)[0];
      assertThat(padded).hasSize(256);
      assertThat(padded[2 * 16 + 2]).isEqualTo(1f);
      assertThat(mean(padded)).isCloseTo(1 / 256.0, within(1e-9));
    }
  }

  @Test
  void images_ofAWrongLength_areRefused() {
    try (VncaSession session = training(1)) {
      assertThatThrownBy(() -> session.training().step(new byte[145], 0))
          .hasMessage("images of 12x12x1 need a multiple of 144 bytes, but there are 145");
    }
  }

  @Test
  void imagesOfAnotherSide_areDrawn_butNothingIsAskedOfTheDatas() {
    byte[] image = crosses(1);
    long[] number = {0};
    try (VncaSession session = VncaSession.forImagesOf(14, NON_DOUBLING, UNPADDED, 1, HOST)) {
      session.initialize();
      Sampling sampling = session.sampling();
      assertThat(session.grown()).isTrue();
      assertThat(sampling.means(sampling.prior(number))[0]).hasSize(14 * 14);
      Map<String, ThrowableAssert.ThrowingCallable> refused =
          Map.of(
              "bounds", () -> sampling.importanceSamples(image, number, 0, 1),
              "their trace", () -> sampling.traceImportanceSamples(image, number, 1),
              "latent vectors", () -> sampling.posteriorMeans(image),
              "pixels", () -> sampling.pixels(image),
              "states", session::study);
      refused.forEach(
          (what, asked) ->
              assertThatThrownBy(asked)
                  .as(what)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage(
                      "this session was opened for images of another side than the data's"));
      assertThatThrownBy(session::training).hasMessage("this session was opened for evaluation");
    }
  }

  /** What a part can be asked is not asked of the session, too. */
  @Test
  void session_hasNoMethodOfItsParts() {
    Set<String> own = publicMethods(VncaSession.class);
    assertThat(own).contains("sampling", "training", "variables", "study");
    for (Class<?> part :
        List.of(Sampling.class, Training.class, Variables.class, StudySession.class)) {
      assertThat(publicMethods(part))
          .as(part.getSimpleName())
          .isNotEmpty()
          .doesNotContainAnyElementsOf(own);
    }
  }

  private static Set<String> publicMethods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(Method::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void gpu_whereThereIsNone_isRefusedWithTheReason() {
    NoGpu.assume();
    assertThatThrownBy(
            () ->
                VncaSession.forEvaluation(
                    MODEL, INPUT, 1, new Host(DeviceRequest.setting(Device.GPU), 0)))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("train.device is gpu, but ")
        .hasMessageEndingWith(", or set train.device=cpu");
  }

  private static ModelSpec bernoulli(int latent, DecoderSpec decoder) {
    return new ModelSpec(
        latent,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(2, 5),
        decoder,
        new LikelihoodSpec.Bernoulli());
  }

  /** The loss after some steps on one batch, as a share of the first. */
  private static float lossAfter(VncaSession session, byte[] images, int steps) {
    session.initialize();
    float first = session.training().step(images, 0).loss();
    float last = first;
    for (int step = 1; step < steps; step++) {
      last = session.training().step(images, step).loss();
    }
    return last / first;
  }

  private static VncaSession training(long seed) {
    return training(MODEL, INPUT, seed);
  }

  private static VncaSession training(ModelSpec model, InputSpec input, long seed) {
    return training(model, input, seed, PoolSpec.NONE);
  }

  private static VncaSession training(ModelSpec model, InputSpec input, long seed, PoolSpec pool) {
    return VncaSession.forTraining(
        model,
        input,
        seed,
        new TrainingStep.Settings(
            1,
            10,
            MemoryPolicy.STORE,
            Precision.FLOAT32,
            new Adam.Settings(3e-3, 0.9, 0.999, 1e-8),
            pool),
        HOST);
  }

  /** A model whose update net is no longer the identity. */
  private static VncaSession trained() {
    VncaSession session = training(1);
    session.initialize();
    for (int step = 0; step < 20; step++) {
      session.training().step(crosses(4), step);
    }
    return session;
  }

  private static byte[] crosses(int count) {
    byte[] images = new byte[count * IMAGE];
    Random random = new Random(5);
    for (int i = 0; i < count; i++) {
      int row = random.nextInt(12);
      int column = random.nextInt(12);
      for (int k = 0; k < 12; k++) {
        images[i * IMAGE + row * 12 + k] = 1;
        images[i * IMAGE + k * 12 + column] = 1;
      }
    }
    return images;
  }

  private static void assertClose(float[] got, float[] expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], within(2e-5f * Math.max(1, Math.abs(expected[i]))));
    }
  }

  private static double most(float[] values) {
    double most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
