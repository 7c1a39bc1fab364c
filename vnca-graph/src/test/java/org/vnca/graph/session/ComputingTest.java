package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.GraphOperation;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;
import org.vnca.graph.device.Placement;
import org.vnca.graph.serving.Generation;
import org.vnca.graph.serving.Serving;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.Vnca;

/** How devices compute: 3x3 convolutions by tiles or not, steps in parts of the batch or not. */
class ComputingTest {
  private static final int SIDE = 16;
  private static final int CHANNELS = 96;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(3, 1, UpdateSpec.Residual.of(CHANNELS, 1));
  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(2, 3, 3), 1, new UpdateSpec.Simple(CHANNELS));

  static Stream<DecoderSpec> decoders() {
    return Stream.of(DOUBLING, NON_DOUBLING);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void winograd_trainsAndMeasures_asDirect_toRounding(DecoderSpec decoder) {
    List<Float> direct = figures(model(decoder, CHANNELS), ConvolutionAlgorithm.DIRECT);
    List<Float> tiled = figures(model(decoder, CHANNELS), ConvolutionAlgorithm.WINOGRAD);
    assertThat(tiled).isNotEqualTo(direct).hasSameSizeAs(direct);
    for (int i = 0; i < direct.size(); i++) {
      float expected = direct.get(i);
      assertThat(tiled.get(i))
          .as("figure " + i)
          .isCloseTo(expected, Offset.offset(Math.max(1e-4f, 1e-4f * Math.abs(expected))));
    }
  }

  /** Without which no run could be resumed to the bit. */
  @ParameterizedTest
  @MethodSource("decoders")
  void winograd_isTheSameToTheLastBit_everyTime(DecoderSpec decoder) {
    ModelSpec model = model(decoder, CHANNELS);
    List<Float> first = figures(model, ConvolutionAlgorithm.WINOGRAD);
    for (int i = 0; i < 3; i++) {
      assertThat(figures(model, ConvolutionAlgorithm.WINOGRAD)).isEqualTo(first);
    }
  }

  /** Below the size where tiles gain, nothing is different. */
  @Test
  void winograd_ofASmallModel_isDirectToTheLastBit() {
    ModelSpec small = model(DecoderSpec.Doubling.of(3, 1, UpdateSpec.Residual.of(8, 1)), 8);
    assertThat(figures(small, ConvolutionAlgorithm.WINOGRAD))
        .isEqualTo(figures(small, ConvolutionAlgorithm.DIRECT));
  }

  /** What is exported may run on any device, where tiles may lose. */
  @ParameterizedTest
  @MethodSource("decoders")
  void whatIsExported_usesNoTiles(DecoderSpec decoder) {
    try (Vnca model = new Vnca(model(decoder, CHANNELS), INPUT, 1, ConvolutionAlgorithm.WINOGRAD)) {
      Serving.build(model);
      assertThat(products(model)).isZero();
      Generation.build(model);
      assertThat(products(model)).isPositive();
    }
  }

  private static long products(Vnca model) {
    Iterable<GraphOperation> operations = () -> model.graph().operations();
    return StreamSupport.stream(operations.spliterator(), false)
        .filter(operation -> operation.type().equals("BatchMatMulV2"))
        .count();
  }

  /**
   * What a step of the automaton costs beside its arithmetic: 442 operations with {@code
   * Graph.whileLoop}, 163 since loops read the graph around them.
   */
  @Test
  void aStepForwardsAndBackwards_runsFewOperations() {
    long few = operations(1);
    long more = operations(3);
    assertThat((more - few) / 2.0 / 4).isBetween(60.0, 180.0);
  }

  /** Of a training step whose decoder has four grids, with some steps on each. */
  private static long operations(int steps) {
    DecoderSpec decoder = DecoderSpec.Doubling.of(3, steps, UpdateSpec.Residual.of(8, 4));
    try (VncaSession session =
        VncaSession.forTraining(model(decoder, 8), INPUT, 1, settings(), host())) {
      session.initialize();
      return session.training().trace(new byte[SIDE * SIDE], 0).operations().stream()
          .mapToLong(StepTrace.OperationTime::count)
          .sum();
    }
  }

  private static Host host() {
    return new Host(
        DeviceRequest.setting(Device.CPU),
        1,
        ConvolutionAlgorithm.DIRECT,
        false,
        List.of(),
        Optional.empty());
  }

  @Test
  void gpus_computeDirectly() {
    ConvolutionAlgorithm wanted = ConvolutionAlgorithm.WINOGRAD;
    assertThat(choice(false, Placement.ANYWHERE).algorithm(wanted)).isEqualTo(wanted);
    assertThat(choice(true, Placement.ANYWHERE).algorithm(wanted))
        .isEqualTo(ConvolutionAlgorithm.DIRECT);
    String worker = "/job:worker/replica:0/task:0/device:";
    Placement mixed = new Placement("/device:CPU:0", List.of(worker + "CPU:0", worker + "GPU:0"));
    assertThat(choice(false, mixed).algorithm(wanted)).isEqualTo(ConvolutionAlgorithm.DIRECT);
  }

  @Test
  void microBatches_areOfEqualSize_ofSoManyImagesAtLeast_andNotOnGpus() {
    MicroBatches division = new MicroBatches(32, 4);
    assertThat(division.count(1)).isEqualTo(8);
    assertThat(division.count(2)).isEqualTo(4);
    assertThat(division.count(16)).isEqualTo(1);
    assertThat(new MicroBatches(30, 4).count(1)).as("6 of 5 images").isEqualTo(6);
    assertThat(new MicroBatches(31, 4).count(1)).as("31 is prime").isEqualTo(1);
    assertThat(new MicroBatches(256, 4).count(1)).as("no more than 8").isEqualTo(8);
    assertThat(MicroBatches.WHOLE.count(2)).isEqualTo(1);
    assertThat(new MicroBatches(32, 8).with(2).count(1)).as("no more at once").isEqualTo(8);
    assertThat(new MicroBatches(4, 8).with(2).count(1)).as("a part for each lane").isEqualTo(2);
    assertThat(new MicroBatches(12, 4).with(3).count(1)).as("a multiple of 3").isEqualTo(6);
    TrainingStep.Settings settings = settings().in(division);
    assertThat(Training.each(settings, choice(false, Placement.ANYWHERE))).isEqualTo(settings);
    assertThat(Training.each(settings, choice(true, Placement.ANYWHERE))).isEqualTo(settings());
  }

  @Test
  void batchThatMicroBatchesDoNotDivide_isRefused() {
    Host host = new Host(DeviceRequest.setting(Device.CPU), 1);
    TrainingStep.Settings three = settings().in(new MicroBatches(6, 2));
    try (VncaSession session =
        VncaSession.forTraining(model(NON_DOUBLING, CHANNELS), INPUT, 1, three, host)) {
      session.initialize();
      assertThatThrownBy(() -> session.training().step(new byte[4 * SIDE * SIDE], 0))
          .isInstanceOf(InvalidSetting.class)
          .hasMessageContaining("batch must be a multiple of 3");
    }
  }

  @Test
  void xla_isOnWhereItIsAskedFor_besideNoGraphOptimizer() {
    assertThat(options(true).getOptimizerOptions().getGlobalJitLevel())
        .isEqualTo(OptimizerOptions.GlobalJitLevel.ON_2);
    assertThat(options(false).getOptimizerOptions().getGlobalJitLevel())
        .as("off, unless TF_XLA_FLAGS says otherwise")
        .isEqualTo(OptimizerOptions.GlobalJitLevel.DEFAULT);
    for (boolean xla : new boolean[] {false, true}) {
      assertThat(options(xla).getRewriteOptions().getDisableMetaOptimizer()).isTrue();
    }
  }

  private static GraphOptions options(boolean xla) {
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            2,
            ConvolutionAlgorithm.WINOGRAD,
            xla,
            List.of(),
            Optional.empty());
    return Devices.config(choice(true, Placement.ANYWHERE), host).getGraphOptions();
  }

  private static TrainingStep.Settings settings() {
    return new TrainingStep.Settings(
        1,
        10,
        MemoryPolicy.STORE,
        Precision.FLOAT32,
        new Adam.Settings(1e-3, 0.9, 0.999, 1e-8),
        PoolSpec.NONE);
  }

  private static Devices.Choice choice(boolean gpu, Placement placement) {
    return new Devices.Choice(gpu, 1, "a device", placement, Optional.empty());
  }

  /** Of three training steps, then importance samples of two images. */
  private static List<Float> figures(ModelSpec model, ConvolutionAlgorithm algorithm) {
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU), 2, algorithm, false, List.of(), Optional.empty());
    byte[] images = new byte[2 * SIDE * SIDE];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) random.nextInt(2);
    }
    List<Float> figures = new ArrayList<>();
    try (VncaSession session = VncaSession.forTraining(model, INPUT, 1, settings(), host)) {
      session.initialize();
      for (int step = 0; step < 3; step++) {
        Training.StepValues figure = session.training().step(images, step);
        figures.addAll(
            List.of(figure.loss(), figure.reconstruction(), figure.kl(), figure.gradientNorm()));
      }
      for (float[] samples :
          session.sampling().importanceSamples(images, new long[] {0, 1}, 0, 4).logLikelihood()) {
        for (float sample : samples) {
          figures.add(sample);
        }
      }
    }
    return figures;
  }

  private static ModelSpec model(DecoderSpec decoder, int latent) {
    return new ModelSpec(
        latent,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(2, 5),
        decoder,
        new LikelihoodSpec.Bernoulli());
  }
}
