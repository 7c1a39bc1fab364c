package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.rule.UpdateRules;
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
import org.vnca.graph.vae.Vnca;

/** What rounding to bfloat16 changes, on a CPU. */
class PrecisionTest {
  private static final InputSpec INPUT = new InputSpec(new ImageShape(16, 16, 1), 0, true);
  private static final int BATCH = 8;
  private static final int STEPS = 20;

  /** Before the gradients of the paper's width are compared. */
  private static final int FEW_STEPS = 2;

  /** Largest relative error of the loss; measured at most 2.1e-4. */
  private static final double LOSS = 1e-3;

  /** Largest relative error of all gradients together, as a vector; measured at most 6.2e-3. */
  private static final double ALL_GRADIENTS = 1e-2;

  /** Largest relative error of one parameter's gradient; measured at most 2.9e-2. */
  private static final double ONE_GRADIENT = 5e-2;

  /** One of each decoder and update rule. */
  enum Model {
    DOUBLING,
    BOUNDED,
    GATED,
    GRU,
    FIXED_PERCEPTION,
    NON_DOUBLING,
    CONVOLUTIONAL;

    ModelSpec spec() {
      return PrecisionTest.spec(24, decoder());
    }

    private DecoderSpec decoder() {
      return switch (this) {
        case DOUBLING -> DecoderSpec.Doubling.of(3, 4, UpdateSpec.Residual.of(24, 4));
        case BOUNDED -> DecoderSpec.Doubling.of(3, 4, UpdateSpec.Residual.of(24, 1)).bounded(2);
        case GATED -> DecoderSpec.Doubling.of(3, 4, new UpdateSpec.Residual(24, 1, 3, true, 4));
        case GRU -> DecoderSpec.Doubling.of(3, 4, new UpdateSpec.Gru(24));
        case FIXED_PERCEPTION -> DecoderSpec.Doubling.of(3, 4, new UpdateSpec.FixedPerception(24));
        case NON_DOUBLING ->
            new DecoderSpec.NonDoubling(
                new DecoderSpec.StepRange(16, 16, 16), 1, new UpdateSpec.Simple(24));
        case CONVOLUTIONAL -> new DecoderSpec.Convolutional(3, 4, 5, true, 0);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void lossAndGradients_inBfloat16_areCloseToFloat32(Model model) {
    requireClose(model.spec(), STEPS);
  }

  @Test
  void everyUpdateRule_isAmongTheModels() {
    Set<String> here = new TreeSet<>();
    for (Model model : Model.values()) {
      model.decoder().updateNet().ifPresent(rule -> here.add(rule.getClass().getSimpleName()));
    }
    Set<String> all = new TreeSet<>();
    UpdateRules.all().defaults().values().forEach(rule -> all.add(rule.getClass().getSimpleName()));
    assertThat(here).isEqualTo(all);
  }

  /** Sums of 256 channels; each grid has one step, since more would take too long. */
  @Test
  void lossAndGradients_inBfloat16_atThePapersWidth_areCloseToFloat32() {
    UpdateSpec.Residual net = UpdateSpec.Residual.PAPER;
    requireClose(spec(net.hidden(), DecoderSpec.Doubling.of(3, 1, net)), FEW_STEPS);
  }

  /** After some steps in float32: at first the last layer is zero, and stops gradients. */
  private static void requireClose(ModelSpec spec, int steps) {
    try (Trainee exact = new Trainee(spec, MemoryPolicy.STORE, Precision.FLOAT32);
        Trainee rounded = new Trainee(spec, MemoryPolicy.STORE, Precision.BFLOAT16)) {
      for (int step = 0; step < steps; step++) {
        exact.train(step);
      }
      rounded.take(exact);
      List<float[]> a = exact.lossAndGradients();
      List<float[]> b = rounded.lossAndGradients();
      double difference = Math.abs(a.get(0)[0] - b.get(0)[0]);
      assertThat(difference / a.get(0)[0]).as("loss").isBetween(Double.MIN_VALUE, LOSS);
      double of = 0;
      double off = 0;
      for (int i = 1; i < a.size(); i++) {
        double squares = squares(a.get(i));
        double apart = squares(difference(a.get(i), b.get(i)));
        String name = exact.model.trainable().get(i - 1).name();
        assertThat(Math.sqrt(apart / squares)).as(name).isLessThan(ONE_GRADIENT);
        of += squares;
        off += apart;
      }
      assertThat(Math.sqrt(off / of)).as("all gradients").isLessThan(ALL_GRADIENTS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twentySteps_inBfloat16_lowerTheLoss(Model model) {
    try (Trainee rounded = new Trainee(model.spec(), MemoryPolicy.STORE, Precision.BFLOAT16)) {
      float first = rounded.train(0);
      for (int step = 1; step < STEPS; step++) {
        rounded.train(step);
      }
      assertThat(rounded.lossAndGradients().get(0)[0]).isLessThan(0.95f * first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void graph_hasRoundedOperands_onlyInBfloat16(Model model) {
    try (Trainee exact = new Trainee(model.spec(), MemoryPolicy.STORE, Precision.FLOAT32);
        Trainee rounded = new Trainee(model.spec(), MemoryPolicy.STORE, Precision.BFLOAT16)) {
      assertThat(exact.nodes().filter(PrecisionTest::isBfloat16)).isEmpty();
      assertThat(rounded.nodes().filter(node -> node.getOp().startsWith("Conv2D")))
          .isNotEmpty()
          .allMatch(PrecisionTest::isBfloat16);
      assertThat(rounded.nodes().filter(node -> node.getOp().matches("BiasAdd.*|Elu.*|MatMul")))
          .isNotEmpty()
          .noneMatch(PrecisionTest::isBfloat16);
    }
  }

  @ParameterizedTest
  @EnumSource
  void stored_andRecomputed_areTheSameInBfloat16(Model model) {
    try (Trainee stored = new Trainee(model.spec(), MemoryPolicy.STORE, Precision.BFLOAT16);
        Trainee recomputed =
            new Trainee(model.spec(), MemoryPolicy.RECOMPUTE, Precision.BFLOAT16)) {
      for (int step = 0; step < 3; step++) {
        stored.train(step);
      }
      recomputed.take(stored);
      List<float[]> a = stored.lossAndGradients();
      List<float[]> b = recomputed.lossAndGradients();
      for (int i = 0; i < a.size(); i++) {
        assertThat(values(new int[] {a.get(i).length}, a.get(i)).deviation(b.get(i)))
            .isLessThan(1e-5);
      }
    }
  }

  private static ModelSpec spec(int latent, DecoderSpec decoder) {
    return new ModelSpec(
        latent,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(4, 5),
        decoder,
        new LikelihoodSpec.Bernoulli());
  }

  private static boolean isBfloat16(NodeDef node) {
    return node.getAttrMap().values().stream()
        .anyMatch(attribute -> attribute.getType() == DataType.DT_BFLOAT16);
  }

  private static double squares(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += (double) number * number;
    }
    return sum;
  }

  private static float[] difference(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static Values values(int[] shape, float[] numbers) {
    double[] data = new double[numbers.length];
    Arrays.setAll(data, i -> numbers[i]);
    return new Values("", shape, data);
  }

  /** A model with its training step, on one generated batch. */
  private static final class Trainee implements AutoCloseable {
    private final Vnca model;
    private final TrainingStep step;
    private final Session session;
    private final Ops tf;

    Trainee(ModelSpec spec, MemoryPolicy memory, Precision precision) {
      model = new Vnca(spec, INPUT, 1);
      step =
          TrainingStep.build(
              model,
              new TrainingStep.Settings(
                  1,
                  10,
                  memory,
                  precision,
                  new Adam.Settings(3e-3, 0.9, 0.999, 1e-8),
                  PoolSpec.NONE));
      tf = Ops.create(model.graph());
      session = new Session(model.graph());
      Runs.run(session, Map.of(), model.parameters().initialize());
    }

    Stream<NodeDef> nodes() {
      return model.graph().toGraphDef().getNodeList().stream();
    }

    float train(int number) {
      try (TUint8 x = images();
          TInt64 fed = TInt64.scalarOf(number)) {
        Session.Runner runner = session.runner().addTarget(step.update()).fetch(step.loss());
        try (Result result = runner.feed(step.images(), x).feed(step.step(), fed).run()) {
          return ((TFloat32) result.get(0)).getFloat();
        }
      }
    }

    List<float[]> lossAndGradients() {
      List<Operand<TFloat32>> fetches = new ArrayList<>(List.of(step.loss()));
      fetches.addAll(step.gradients());
      try (TUint8 x = images();
          TInt64 fed = TInt64.scalarOf(STEPS)) {
        return Runs.fetch(session, Map.of(step.images(), x, step.step(), fed), fetches);
      }
    }

    /** Takes over another's weights. */
    void take(Trainee other) {
      Map<Parameter, Values> values = new LinkedHashMap<>();
      List<Parameter> theirs = other.model.trainable();
      for (int i = 0; i < theirs.size(); i++) {
        float[] value = Runs.fetch(other.session, Map.of(), List.of(theirs.get(i).value())).get(0);
        values.put(
            model.trainable().get(i),
            values(
                Arrays.stream(theirs.get(i).shape().asArray()).mapToInt(Math::toIntExact).toArray(),
                value));
      }
      Runs.assign(session, tf, values);
    }

    /** Squares of ones, each at another place. */
    private static TUint8 images() {
      byte[] pixels = new byte[BATCH * 16 * 16];
      SplittableRandom random = new SplittableRandom(5);
      for (int image = 0; image < BATCH; image++) {
        int top = random.nextInt(9);
        int left = random.nextInt(9);
        for (int i = 0; i < 64; i++) {
          pixels[image * 256 + (top + i / 8) * 16 + left + i % 8] = 1;
        }
      }
      return TUint8.tensorOf(Shape.of(BATCH, 16, 16, 1), DataBuffers.of(pixels));
    }

    @Override
    public void close() {
      session.close();
      model.close();
    }
  }
}
