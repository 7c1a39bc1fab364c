package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.spec.ConvolutionAlgorithm;
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
import org.vnca.graph.training.MicroBatches;
import org.vnca.graph.training.TrainingStep;

/** A training step that XLA compiles as one program, on a CPU, against the ordinary graph. */
class XlaTest {
  private static final int SIDE = 16;
  private static final PoolSpec POOL = new PoolSpec(24, 8, PoolSpec.Used.STAY);
  private static final DecoderSpec DOUBLING =
      DecoderSpec.Doubling.of(3, 2, UpdateSpec.Residual.of(8, 1));

  /** With bounded states. */
  private static final DecoderSpec SETTLING =
      new DecoderSpec.Doubling(3, 2, UpdateSpec.Residual.of(8, 1), false, 1, 0)
          .with(new DecoderSpec.Settle(1, 4, 2))
          .bounded(3)
          .with(10);

  private static final DecoderSpec NON_DOUBLING =
      new DecoderSpec.NonDoubling(new DecoderSpec.StepRange(3, 6, 5), 1, new UpdateSpec.Simple(8));

  /** Cells take part at random, which is not compiled as one program. */
  private static final DecoderSpec DRAWING =
      new DecoderSpec.NonDoubling(
          new DecoderSpec.StepRange(3, 6, 5), 0.7, new UpdateSpec.Simple(8));

  private static final DecoderSpec CONVOLUTIONAL =
      new DecoderSpec.Convolutional(3, 2, 5, false, 0.8);

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(DOUBLING, PoolSpec.NONE, 1, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(DOUBLING, PoolSpec.NONE, 1, MemoryPolicy.RECOMPUTE, Precision.FLOAT32),
        Arguments.of(DOUBLING, PoolSpec.NONE, 2, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(DOUBLING, PoolSpec.NONE, 1, MemoryPolicy.STORE, Precision.BFLOAT16),
        Arguments.of(SETTLING, POOL, 1, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(SETTLING, POOL, 1, MemoryPolicy.RECOMPUTE, Precision.BFLOAT16),
        Arguments.of(NON_DOUBLING, PoolSpec.NONE, 1, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(NON_DOUBLING, POOL, 1, MemoryPolicy.RECOMPUTE, Precision.FLOAT32),
        Arguments.of(DRAWING, POOL, 1, MemoryPolicy.STORE, Precision.FLOAT32),
        Arguments.of(CONVOLUTIONAL, PoolSpec.NONE, 1, MemoryPolicy.STORE, Precision.FLOAT32));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void compiledSteps_areThoseOfTheOrdinaryGraph_toRounding(
      DecoderSpec decoder, PoolSpec pool, int devices, MemoryPolicy memory, Precision precision) {
    boolean single = precision == Precision.FLOAT32;
    MicroBatchTest.requireNear(
        MicroBatchTest.train(decoder, pool, devices, memory, precision, MicroBatches.WHOLE, true),
        MicroBatchTest.train(decoder, pool, devices, memory, precision, MicroBatches.WHOLE, false),
        single ? 1e-4 : 1 / 256.0,
        single ? 1e-4 : 1 / 32.0);
  }

  /** In the ordinary graph it grows by a hundred and more with each step of the automaton. */
  @Test
  void operationsThatRun_doNotGrowWithTheStepsOfTheAutomaton() {
    long few = operations(1);
    assertThat(operations(6)).isEqualTo(few);
    assertThat(few).isLessThan(400);
  }

  private static long operations(int steps) {
    ModelSpec model =
        new ModelSpec(
            8,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            DecoderSpec.Doubling.of(3, steps, UpdateSpec.Residual.of(8, 1)),
            new LikelihoodSpec.Bernoulli());
    TrainingStep.Settings settings =
        new TrainingStep.Settings(
            1,
            10,
            MemoryPolicy.STORE,
            Precision.FLOAT32,
            new Adam.Settings(1e-3, 0.9, 0.999, 1e-8),
            PoolSpec.NONE);
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            1,
            ConvolutionAlgorithm.DIRECT,
            true,
            List.of(),
            Optional.empty());
    InputSpec input = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
    try (VncaSession session = VncaSession.forTraining(model, input, 1, settings, host)) {
      session.initialize();
      List<StepTrace.OperationTime> operations =
          session.training().trace(new byte[SIDE * SIDE], 0).operations();
      assertThat(operations).extracting(StepTrace.OperationTime::operation).contains("XlaLaunch");
      return operations.stream().mapToLong(StepTrace.OperationTime::count).sum();
    }
  }
}
