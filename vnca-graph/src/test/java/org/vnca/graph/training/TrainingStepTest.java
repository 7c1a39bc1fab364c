package org.vnca.graph.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
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
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.vae.Vnca;

class TrainingStepTest {
  private static final String FILE = "08_train";

  /** What all cases have in common: weights, images, noise. */
  private static final String COMMON = Golden.cases(FILE, "weights", "inputs/x").get(0);

  static List<Arguments> cases() {
    return Golden.cases(FILE, "expected/grad_norm_after_clip").stream()
        .flatMap(
            name -> Arrays.stream(MemoryPolicy.values()).map(policy -> Arguments.of(name, policy)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void steps_ofGoldenBatches_areGolden(String name, MemoryPolicy memory) {
    try (Golden golden = new Golden(FILE);
        Trainee trainee =
            new Trainee(golden, Posterior.LOG_VARIANCE, settings(golden, name), memory, 1)) {
      int[] weighed = golden.numbers(name + "/expected", "params_step");
      for (int step = 0; step < golden.get(name + "/expected/loss").shape()[0]; step++) {
        List<float[]> got = trainee.step(golden, step);
        String expected = name + "/expected/";
        assertThat((double) got.get(0)[0])
            .isCloseTo(
                golden.get(expected + "loss").data()[step],
                relative(golden, expected + "loss", step, 1e-5));
        assertThat((double) got.get(1)[0])
            .isCloseTo(
                golden.get(expected + "recon").data()[step],
                relative(golden, expected + "recon", step, 1e-5));
        assertThat((double) got.get(2)[0])
            .isCloseTo(
                golden.get(expected + "kl").data()[step],
                relative(golden, expected + "kl", step, 1e-5));
        assertThat((double) got.get(3)[0])
            .isCloseTo(
                golden.get(expected + "grad_norm").data()[step],
                relative(golden, expected + "grad_norm", step, 1e-4));
        assertThat(norm(got.subList(4 + trainee.count(), got.size())))
            .isCloseTo(
                golden.get(expected + "grad_norm_after_clip").data()[step],
                relative(golden, expected + "grad_norm_after_clip", step, 1e-4));
        if (step == 0) {
          trainee.compareFirst(golden, name, got);
        }
        if (Arrays.binarySearch(weighed, step + 1) >= 0) {
          trainee.compareWeights(golden, name, step + 1);
        }
        if (golden.has(name, "expected/adam_m_step" + (step + 1))) {
          trainee.compareMoments(golden, name, step + 1);
        }
      }
    }
  }

  @Test
  void firstStep_ofLogSigma_isGolden() {
    try (Golden golden = new Golden(FILE);
        Trainee trainee =
            new Trainee(golden, Posterior.LOG_SIGMA, clipAt10(golden), MemoryPolicy.STORE, 1)) {
      List<float[]> got = trainee.step(golden, 0);
      String[] names = {"loss", "recon", "kl", "grad_norm"};
      for (int i = 0; i < names.length; i++) {
        double expected = golden.get(COMMON + "/expected/logsigma_" + names[i]).data()[0];
        assertThat((double) got.get(i)[0])
            .as(names[i])
            .isCloseTo(expected, within(1e-4 * Math.abs(expected)));
      }
    }
  }

  @Test
  void step_withBeta_weighsTheKlAlone() {
    try (Golden golden = new Golden(FILE);
        Trainee one =
            new Trainee(golden, Posterior.LOG_VARIANCE, clipAt10(golden), MemoryPolicy.STORE, 1);
        Trainee many =
            new Trainee(
                golden, Posterior.LOG_VARIANCE, clipAt10(golden), MemoryPolicy.STORE, 100)) {
      List<float[]> a = one.step(golden, 0);
      List<float[]> b = many.step(golden, 0);
      assertThat(b.get(1)).isEqualTo(a.get(1));
      assertThat(b.get(2)).isEqualTo(a.get(2));
      assertThat(b.get(0)[0]).isCloseTo(a.get(1)[0] + 100 * a.get(2)[0], within(1f));
      int weights = 4 + one.count();
      assertThat(b.get(weights - 1)).as("the decoder's gradient").isEqualTo(a.get(weights - 1));
      assertThat(b.get(4)).as("the encoder's gradient").isNotEqualTo(a.get(4));
    }
  }

  @Test
  void paperModel_has6p59MillionParameters() {
    try (Vnca model =
        new Vnca(ModelSpec.PAPER, new InputSpec(new ImageShape(28, 28, 1), 32, true), 1)) {
      long decoder =
          model.trainable().stream()
              .filter(p -> p.name().startsWith("decoder/"))
              .mapToLong(p -> p.shape().size())
              .sum();
      // 9 * 256^2 + 9 * 256^2 weights, ten biases of 256
      assertThat(decoder).isEqualTo(18L * 256 * 256 + 10 * 256).isEqualTo(1_182_208);
      assertThat(model.parameters().count()).isEqualTo(6_585_088L);
    }
  }

  @Test
  void model_ofAnotherSizeThanItsImages_isRefused() {
    assertThatThrownBy(
            () -> new Vnca(ModelSpec.PAPER, new InputSpec(new ImageShape(28, 28, 1), 0, true), 1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage(
            "decoder must make images of the data's size, 28x28x1, but is 32x32 (pad-to and"
                + " doublings decide the sizes)");
  }

  private static org.assertj.core.data.Offset<Double> relative(
      Golden golden, String path, int step, double share) {
    return within(share * Math.abs(golden.get(path).data()[step]));
  }

  /** Adam's settings, and the norm that gradients are clipped to. */
  private record Descending(Adam.Settings adam, double clip) {}

  private static Descending settings(Golden golden, String name) {
    return new Descending(
        new Adam.Settings(
            golden.number(name, "lr"),
            golden.number(name, "beta1"),
            golden.number(name, "beta2"),
            golden.number(name, "adam_eps")),
        golden.number(name, "max_norm"));
  }

  private static Descending clipAt10(Golden golden) {
    return new Descending(new Adam.Settings(golden.number(COMMON, "lr"), 0.9, 0.999, 1e-8), 10);
  }

  private static double norm(List<float[]> gradients) {
    double sum = 0;
    for (float[] gradient : gradients) {
      for (float value : gradient) {
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  /** The golden file's model with its step, holding the golden weights. */
  private static final class Trainee implements AutoCloseable {
    private final Vnca model;
    private final TrainingStep step;
    private final Session session;
    private final double learningRate;
    private final Map<Parameter, Values> initial = new LinkedHashMap<>();

    Trainee(Golden golden, Posterior posterior, Descending how, MemoryPolicy memory, double beta) {
      learningRate = how.adam().learningRate();
      int[] x = golden.get(COMMON + "/inputs/x").shape();
      ModelSpec spec =
          new ModelSpec(
              golden.size(COMMON, "z_size"),
              posterior,
              new EncoderSpec(golden.size(COMMON, "base_width"), 5),
              DecoderSpec.Doubling.of(
                  golden.size(COMMON, "K"), golden.size(COMMON, "M"), golden.update(COMMON)),
              new LikelihoodSpec.Bernoulli());
      model = new Vnca(spec, new InputSpec(new ImageShape(x[3], x[4], x[2]), 0, true), 1);
      step =
          TrainingStep.build(
              model,
              new TrainingStep.Settings(
                  beta, how.clip(), memory, Precision.FLOAT32, how.adam(), PoolSpec.NONE));
      session = new Session(model.graph());
      Runs.run(session, Map.of(), model.parameters().initialize());
      model
          .trainable()
          .forEach(p -> initial.put(p, GoldenWeights.of(golden, COMMON + "/weights", p)));
      Runs.assign(session, Ops.create(model.graph()), initial);
    }

    int count() {
      return step.gradients().size();
    }

    /** Loss, reconstruction, KL, norm, gradients, clipped gradients. */
    List<float[]> step(Golden golden, int number) {
      List<Operand<TFloat32>> fetches =
          new ArrayList<>(
              List.of(step.loss(), step.reconstruction(), step.kl(), step.gradientNorm()));
      fetches.addAll(step.gradients());
      fetches.addAll(step.clipped());
      Session.Runner runner = session.runner().addTarget(step.update());
      fetches.forEach(runner::fetch);
      try (TFloat32 x = golden.get(COMMON + "/inputs/x").part(number).nhwc().tensor();
          TFloat32 noise = golden.get(COMMON + "/inputs/eps").part(number).tensor();
          TInt64 fed = TInt64.scalarOf(number);
          Result result =
              runner
                  .feed(step.pixels(), x)
                  .feed(step.noise(), noise)
                  .feed(step.step(), fed)
                  .run()) {
        List<float[]> values = new ArrayList<>();
        for (int i = 0; i < fetches.size(); i++) {
          TFloat32 tensor = (TFloat32) result.get(i);
          float[] floats = new float[Math.toIntExact(tensor.size())];
          tensor.asRawTensor().data().asFloats().read(floats);
          values.add(floats);
        }
        return values;
      }
    }

    void compareFirst(Golden golden, String name, List<float[]> got) {
      for (int i = 0; i < count(); i++) {
        Parameter parameter = model.trainable().get(i);
        Values gradient = GoldenWeights.of(golden, COMMON + "/grads", parameter);
        assertThat(gradient.deviation(got.get(4 + i))).as(parameter.name()).isLessThan(1e-4);
        String clipped = name + "/expected/clipped_grad_step1";
        if (golden.children(clipped).contains(GoldenWeights.name(parameter.name()))) {
          assertThat(
                  GoldenWeights.of(golden, clipped, parameter).deviation(got.get(4 + count() + i)))
              .as("clipped " + parameter.name())
              .isLessThan(1e-4);
        }
      }
    }

    /** (parameter - initial) / learning rate: within 1e-2 for 99.9 %, within 0.1 for all. */
    void compareWeights(Golden golden, String name, int after) {
      String group = name + "/expected/params_step" + after;
      long entries = 0;
      long off = 0;
      for (Parameter parameter : model.trainable()) {
        double[] expected = GoldenWeights.of(golden, group, parameter).data();
        float[] got = Runs.fetch(session, Map.of(), List.of(parameter.value())).get(0);
        for (int i = 0; i < got.length; i++) {
          double deviation = Math.abs(got[i] - expected[i]) / learningRate;
          assertThat(deviation).as(parameter.name() + "[" + i + "]").isLessThan(0.1);
          off += deviation > 1e-2 ? 1 : 0;
          entries++;
        }
      }
      assertThat(off).as("of " + entries).isLessThanOrEqualTo(entries / 1000);
    }

    void compareMoments(Golden golden, String name, int step) {
      Map<String, Parameter> all = new LinkedHashMap<>();
      model.parameters().all().forEach(p -> all.put(p.name(), p));
      for (Parameter parameter : model.trainable()) {
        for (String[] moment :
            new String[][] {{Adam.FIRST_MOMENT, "adam_m"}, {Adam.SECOND_MOMENT, "adam_v"}}) {
          Values expected =
              GoldenWeights.of(golden, name + "/expected/" + moment[1] + "_step" + step, parameter);
          Parameter variable = all.get(parameter.name() + moment[0]);
          float[] got = Runs.fetch(session, Map.of(), List.of(variable.value())).get(0);
          assertThat(expected.deviation(got)).as(variable.name()).isLessThan(1e-4);
        }
      }
    }

    @Override
    public void close() {
      session.close();
      model.close();
    }
  }
}
