package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.GoldenWeights;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Objective;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

/** Losses by several latent vectors of each image: against PyTorch, and finite differences. */
class SamplesTest {
  private static final String FILE = "11_samples";

  /** What all cases have in common: weights, images, noise. */
  private static final String COMMON = Golden.cases(FILE, "weights", "inputs/x").get(0);

  /** Each case at once; those of most samples in two parts, too. */
  static Stream<Arguments> cases() {
    try (Golden golden = new Golden(FILE)) {
      return Golden.cases(FILE, "expected/loss").stream()
          .flatMap(
              name ->
                  golden.size(name, "samples") < 5
                      ? Stream.of(Arguments.of(name, MemoryPolicy.STORE, 1))
                      : Stream.of(
                          Arguments.of(name, MemoryPolicy.STORE, 1),
                          Arguments.of(name, MemoryPolicy.RECOMPUTE, 2)))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void step_ofGoldenNoise_hasGoldenLossesAndGradients(String name, MemoryPolicy memory, int parts) {
    try (Golden golden = new Golden(FILE);
        Trainee trainee = golden(golden, name, memory, parts);
        TFloat32 x = golden.get(COMMON + "/inputs/x").nhwc().tensor();
        TFloat32 noise = noise(golden, golden.size(name, "samples")).tensor()) {
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      trainee
          .model
          .trainable()
          .forEach(p -> weights.put(p, GoldenWeights.of(golden, COMMON + "/weights", p)));
      trainee.assign(weights);
      TrainingStep step = trainee.step;
      Map<String, Operand<TFloat32>> losses = new LinkedHashMap<>();
      losses.put("loss", step.loss());
      losses.put("recon", step.reconstruction());
      losses.put("kl", step.kl());
      step.iwaeBound().ifPresent(bound -> losses.put("iwae", bound));
      assertThat(losses.containsKey("iwae")).isEqualTo(golden.size(name, "samples") > 1);
      Map<Operand<?>, Tensor> feeds = Map.of(step.pixels(), x, step.noise(), noise);
      List<Operand<TFloat32>> fetches = new ArrayList<>(losses.values());
      fetches.addAll(step.gradients());
      List<float[]> got = trainee.fetch(feeds, fetches);
      int at = 0;
      for (String loss : losses.keySet()) {
        assertThat(golden.get(name + "/expected/" + loss).deviation(got.get(at++)))
            .as(loss)
            .isLessThan(1e-5);
      }
      for (Parameter parameter : trainee.model.trainable()) {
        assertThat(GoldenWeights.of(golden, name + "/grads", parameter).deviation(got.get(at++)))
            .as(parameter.name())
            .isLessThan(1e-4);
      }
    }
  }

  /** Vectors by which a mean in place of a log-mean-exp, or uniform weights, would not be seen. */
  @Test
  void goldenCases_tellTheBoundsApart() {
    try (Golden golden = new Golden(FILE)) {
      for (String name : Golden.cases(FILE, "expected/iwae")) {
        double apart =
            golden.get(name + "/expected/iwae").data()[0]
                - golden.get(name + "/expected/sampled_elbo").data()[0];
        if (golden.size(name, "samples") == 1) {
          assertThat(apart).as(name).isCloseTo(0, within(1e-9));
        } else {
          assertThat(apart).as(name).isBetween(0.3, 30.0);
        }
      }
    }
  }

  private static Values noise(Golden golden, int samples) {
    Values all = golden.get(COMMON + "/inputs/eps");
    int images = all.shape()[0];
    int latent = all.shape()[2];
    double[] rows = new double[images * samples * latent];
    for (int i = 0; i < images; i++) {
      System.arraycopy(
          all.data(), i * all.shape()[1] * latent, rows, i * samples * latent, samples * latent);
    }
    return new Values("noise", new int[] {images * samples, latent}, rows);
  }

  private static Trainee golden(Golden golden, String name, MemoryPolicy memory, int parts) {
    int[] x = golden.get(COMMON + "/inputs/x").shape();
    ModelSpec spec =
        new ModelSpec(
            golden.size(COMMON, "z_size"),
            golden.posterior(name),
            new EncoderSpec(golden.size(COMMON, "base_width"), golden.size(COMMON, "kernel")),
            DecoderSpec.Doubling.of(
                golden.size(COMMON, "K"), golden.size(COMMON, "M"), golden.update(COMMON)),
            new LikelihoodSpec.Bernoulli());
    Objective objective =
        Objective.valueOf(golden.text(name, "objective").toUpperCase(Locale.ROOT));
    return new Trainee(
        spec,
        new InputSpec(new ImageShape(x[2], x[3], x[1]), 0, true),
        settings(golden.number(name, "beta"), memory)
            .in(MicroBatches.exactly(x[0], parts))
            .with(objective, golden.size(name, "samples")));
  }

  private static TrainingStep.Settings settings(double beta, MemoryPolicy memory) {
    return new TrainingStep.Settings(
        beta,
        10,
        memory,
        Precision.FLOAT32,
        new Adam.Settings(1e-3, 0.9, 0.999, 1e-8),
        PoolSpec.NONE);
  }

  static Stream<Arguments> differentiated() {
    DecoderSpec doubling = DecoderSpec.Doubling.of(3, 1, UpdateSpec.Residual.of(6, 1));
    DecoderSpec atRandom =
        new DecoderSpec.NonDoubling(
            new DecoderSpec.StepRange(2, 4, 3), 0.7, new UpdateSpec.Simple(6));
    DecoderSpec convolutional = new DecoderSpec.Convolutional(3, 2, 5, false, 0.8);
    return Stream.of(
        Arguments.of(Objective.IWAE, 3, doubling, new LikelihoodSpec.Bernoulli()),
        Arguments.of(
            Objective.IWAE, 3, doubling, new LikelihoodSpec.LogisticMixture(1, 100, false)),
        Arguments.of(Objective.IWAE, 2, atRandom, new LikelihoodSpec.Bernoulli()),
        Arguments.of(Objective.ELBO, 3, convolutional, new LikelihoodSpec.Bernoulli()));
  }

  /**
   * Along each parameter's own gradient, and along a direction of all of them by chance: the loss
   * changes as the gradient says.
   */
  @ParameterizedTest
  @MethodSource("differentiated")
  void gradients_areDifferencesOfTheLoss(
      Objective objective, int samples, DecoderSpec decoder, LikelihoodSpec likelihood) {
    ModelSpec spec =
        new ModelSpec(8, Posterior.LOG_VARIANCE, new EncoderSpec(2, 3), decoder, likelihood);
    TrainingStep.Settings settings =
        settings(0.7, MemoryPolicy.STORE).in(MicroBatches.exactly(4, 2)).with(objective, samples);
    InputSpec input =
        new InputSpec(new ImageShape(16, 16, 1), 0, likelihood instanceof LikelihoodSpec.Bernoulli);
    // Logistics may be narrow, and their loss curved.
    double step = likelihood instanceof LikelihoodSpec.Bernoulli ? 0.02 : 0.004;
    SplittableRandom random = new SplittableRandom(3);
    try (Trainee trainee = new Trainee(spec, input, settings);
        TFloat32 x = random(random, 4, 16, 16, 1).tensor();
        TFloat32 noise = normal(random, "noise", 1, 4 * samples, spec.latent()).tensor()) {
      Map<Operand<?>, Tensor> feeds = Map.of(trainee.step.pixels(), x, trainee.step.noise(), noise);
      // What is zero at first, such as the last layer of an update net, would hide a gradient.
      Map<Parameter, Values> start = new LinkedHashMap<>();
      for (Parameter parameter : trainee.model.trainable()) {
        start.put(parameter, normal(random, parameter, 0.08));
      }
      trainee.assign(start);
      List<float[]> gradients = trainee.fetch(feeds, trainee.step.gradients());
      List<Parameter> parameters = List.copyOf(start.keySet());
      for (int i = 0; i < parameters.size(); i++) {
        Map<Parameter, double[]> along = Map.of(parameters.get(i), doubles(gradients.get(i)));
        trainee.requireSlope(parameters.get(i).name(), feeds, start, along, gradients, step);
      }
      Map<Parameter, double[]> anywhere = new LinkedHashMap<>();
      parameters.forEach(p -> anywhere.put(p, normal(random, p, 1).data()));
      trainee.requireSlope("any direction", feeds, start, anywhere, gradients, step);
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static Values normal(SplittableRandom random, Parameter parameter, double sigma) {
    int[] shape = Arrays.stream(parameter.shape().asArray()).mapToInt(Math::toIntExact).toArray();
    return normal(random, parameter.name(), sigma, shape);
  }

  private static Values normal(SplittableRandom random, String name, double sigma, int... shape) {
    double[] data = new double[size(shape)];
    for (int i = 0; i < data.length; i++) {
      data[i] = sigma * random.nextGaussian();
    }
    return new Values(name, shape, data);
  }

  private static int size(int... shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Pixels of 0 and 1. */
  private static Values random(SplittableRandom random, int... shape) {
    double[] data = new double[size(shape)];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextInt(2);
    }
    return new Values("x", shape, data);
  }

  /** The same latent vector k times is one latent vector. */
  @Test
  void samplesThatAreAllTheSame_countAsOne() {
    ModelSpec spec =
        new ModelSpec(
            8,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 3),
            DecoderSpec.Doubling.of(3, 1, new UpdateSpec.Simple(4)),
            new LikelihoodSpec.Bernoulli());
    InputSpec input = new InputSpec(new ImageShape(16, 16, 1), 0, true);
    for (Objective objective : Objective.values()) {
      List<float[]> one = ofSameNoise(spec, input, objective, 1);
      List<float[]> three = ofSameNoise(spec, input, objective, 3);
      for (int i = 0; i < one.size(); i++) {
        assertThat(three.get(i)).as(objective + " " + i).hasSameSizeAs(one.get(i));
        assertThat(new Values("", new int[0], doubles(one.get(i))).deviation(three.get(i)))
            .as(objective + " " + i)
            .isLessThan(1e-5);
      }
    }
  }

  private static List<float[]> ofSameNoise(
      ModelSpec spec, InputSpec input, Objective objective, int samples) {
    SplittableRandom random = new SplittableRandom(5);
    int images = 2;
    Values x = random(random, images, 16, 16, 1);
    double[] rows = new double[images * samples * spec.latent()];
    for (int i = 0; i < images; i++) {
      for (int z = 0; z < spec.latent(); z++) {
        double value = random.nextGaussian();
        for (int j = 0; j < samples; j++) {
          rows[(i * samples + j) * spec.latent() + z] = value;
        }
      }
    }
    Values noise = new Values("noise", new int[] {images * samples, spec.latent()}, rows);
    try (Trainee trainee =
            new Trainee(spec, input, settings(1, MemoryPolicy.STORE).with(objective, samples));
        TFloat32 pixels = x.tensor();
        TFloat32 fed = noise.tensor()) {
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      trainee.model.trainable().forEach(p -> weights.put(p, normal(random, p, 0.1)));
      trainee.assign(weights);
      TrainingStep step = trainee.step;
      List<Operand<TFloat32>> fetches =
          new ArrayList<>(List.of(step.loss(), step.reconstruction(), step.kl()));
      fetches.addAll(step.gradients());
      return trainee.fetch(Map.of(step.pixels(), pixels, step.noise(), fed), fetches);
    }
  }

  @Test
  void whatDoesNotGoTogether_isRefused() {
    TrainingStep.Settings plain = settings(1, MemoryPolicy.STORE);
    TrainingStep.Settings pooled =
        new TrainingStep.Settings(
            1, 10, MemoryPolicy.STORE, Precision.FLOAT32, plain.adam(), PoolSpec.PAPER);
    assertThatThrownBy(() -> plain.with(Objective.ELBO, 0))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("samples must be at least 1, but is 0");
    assertThatThrownBy(() -> pooled.with(Objective.ELBO, 2))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith("samples must be 1 with a pool");
    assertThatThrownBy(() -> pooled.with(Objective.IWAE, 1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith("objective must be elbo with a pool");
    assertThatThrownBy(() -> plain.with(Objective.IWAE, 2).with(0.1, false))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith("free-bits must be 0 with objective iwae");
    assertThat(plain.with(0.1, false).with(Objective.ELBO, 2).freeBits()).isEqualTo(0.1);
  }

  /** A model with its step. */
  private static final class Trainee implements AutoCloseable {
    private final Vnca model;
    private final TrainingStep step;
    private final Session session;
    private final Map<Parameter, Operand<TFloat32>> given = new LinkedHashMap<>();
    private final Map<Parameter, Op> assignments = new LinkedHashMap<>();

    Trainee(ModelSpec spec, InputSpec input, TrainingStep.Settings settings) {
      model = new Vnca(spec, input, 1);
      step = TrainingStep.build(model, settings);
      Ops tf = model.ops("test");
      for (Parameter parameter : model.trainable()) {
        Operand<TFloat32> value = tf.placeholder(TFloat32.class);
        given.put(parameter, value);
        assignments.put(parameter, tf.assignVariableOp(parameter.handle(), value));
      }
      session = new Session(model.graph());
      Runs.run(session, Map.of(), model.parameters().initialize());
    }

    void assign(Map<Parameter, Values> values) {
      values.forEach(
          (parameter, value) -> {
            try (TFloat32 tensor = value.tensor()) {
              Runs.run(session, Map.of(given.get(parameter), tensor), assignments.get(parameter));
            }
          });
    }

    List<float[]> fetch(Map<Operand<?>, Tensor> feeds, List<Operand<TFloat32>> fetches) {
      try (TInt64 number = TInt64.scalarOf(0)) {
        Map<Operand<?>, Tensor> all = new LinkedHashMap<>(feeds);
        all.put(step.step(), number);
        return Runs.fetch(session, all, fetches);
      }
    }

    /** That the loss's slope along a direction is the gradient's part of that direction. */
    void requireSlope(
        String name,
        Map<Operand<?>, Tensor> feeds,
        Map<Parameter, Values> start,
        Map<Parameter, double[]> direction,
        List<float[]> gradients,
        double step) {
      double square = 0;
      double expected = 0;
      int at = 0;
      for (Parameter parameter : start.keySet()) {
        float[] gradient = gradients.get(at++);
        double[] along = direction.getOrDefault(parameter, new double[gradient.length]);
        for (int i = 0; i < gradient.length; i++) {
          square += along[i] * along[i];
          expected += along[i] * gradient[i];
        }
      }
      double length = Math.sqrt(square);
      assertThat(length).as(name).isPositive();
      double whole = slope(feeds, start, direction, step / length) / (2 * step);
      double half = slope(feeds, start, direction, step / 2 / length) / step;
      // Richardson's extrapolation: without the error of second order.
      assertThat((4 * half - whole) / 3)
          .as(name)
          .isCloseTo(expected / length, within(3e-2 * Math.abs(expected / length) + 2e-4 / step));
    }

    private double slope(
        Map<Operand<?>, Tensor> feeds,
        Map<Parameter, Values> start,
        Map<Parameter, double[]> direction,
        double by) {
      return moved(feeds, start, direction, by) - moved(feeds, start, direction, -by);
    }

    private double moved(
        Map<Operand<?>, Tensor> feeds,
        Map<Parameter, Values> start,
        Map<Parameter, double[]> direction,
        double by) {
      Map<Parameter, Values> there = new LinkedHashMap<>();
      direction.forEach(
          (parameter, along) -> {
            Values from = start.get(parameter);
            double[] data = from.data().clone();
            for (int i = 0; i < data.length; i++) {
              data[i] += by * along[i];
            }
            there.put(parameter, new Values(from.name(), from.shape(), data));
          });
      assign(there);
      double loss = fetch(feeds, List.of(step.loss())).get(0)[0];
      there.keySet().forEach(parameter -> there.put(parameter, start.get(parameter)));
      assign(there);
      return loss;
    }

    @Override
    public void close() {
      session.close();
      model.close();
    }
  }
}
