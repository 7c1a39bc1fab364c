package org.vnca.graph.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.decoder.AutomatonDecoder;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

/** The golden weights under PyTorch's names and in its layout, read, give the golden outputs. */
class StateDictTest {
  static List<String> encoders() {
    return Golden.cases("04_encoder", "inputs/x", "expected/output");
  }

  static List<String> baselines() {
    return Golden.cases("07_baseline", "inputs/z", "expected/output");
  }

  /** A case of pictures of one channel: the tests' models draw Bernoulli pixels. */
  static List<String> doublings() {
    return Golden.cases("06_doubling", "inputs/x", "states").stream()
        .filter(
            name -> {
              try (Golden golden = new Golden("06_doubling")) {
                return golden.get(name + "/inputs/x").shape()[1] == 1;
              }
            })
        .toList();
  }

  @Test
  void names_areThoseOfThePapersListings() {
    assertThat(names(ModelSpec.PAPER, 32, 1))
        .containsExactlyInAnyOrder(
            "encoder.0.weight",
            "encoder.0.bias",
            "encoder.2.weight",
            "encoder.2.bias",
            "encoder.4.weight",
            "encoder.4.bias",
            "encoder.6.weight",
            "encoder.6.bias",
            "encoder.8.weight",
            "encoder.8.bias",
            "encoder.11.weight",
            "encoder.11.bias",
            "nca.update_net.0.weight",
            "nca.update_net.0.bias",
            "nca.update_net.1.delegate.0.weight",
            "nca.update_net.1.delegate.0.bias",
            "nca.update_net.1.delegate.2.weight",
            "nca.update_net.1.delegate.2.bias",
            "nca.update_net.2.delegate.0.weight",
            "nca.update_net.2.delegate.0.bias",
            "nca.update_net.2.delegate.2.weight",
            "nca.update_net.2.delegate.2.bias",
            "nca.update_net.3.delegate.0.weight",
            "nca.update_net.3.delegate.0.bias",
            "nca.update_net.3.delegate.2.weight",
            "nca.update_net.3.delegate.2.bias",
            "nca.update_net.4.delegate.0.weight",
            "nca.update_net.4.delegate.0.bias",
            "nca.update_net.4.delegate.2.weight",
            "nca.update_net.4.delegate.2.bias",
            "nca.update_net.5.weight",
            "nca.update_net.5.bias");
    ModelSpec baseline = spec(256, 32, new DecoderSpec.Convolutional(5, 32, 5, true, 0));
    assertThat(names(baseline, 64, 3))
        .contains(
            "decoder_linear.0.weight", "decoder.0.weight", "decoder.8.bias", "decoder.10.bias")
        .doesNotContain("decoder.11.weight", "decoder.1.weight");
    ModelSpec simple =
        spec(
            8,
            2,
            new DecoderSpec.NonDoubling(DecoderSpec.StepRange.PAPER, 1, new UpdateSpec.Simple(4)));
    assertThat(names(simple, 28, 1))
        .contains("nca.update_net.0.bias", "nca.update_net.2.weight")
        .doesNotContain("nca.update_net.2.bias");
  }

  @Test
  void prefixesOfParallelModels_areLeftOut_andPutBack() {
    assertThat(StateDict.plain("nca.module.update_net.0.bias")).isEqualTo("nca.update_net.0.bias");
    assertThat(StateDict.plain("module.encoder.0.bias")).isEqualTo("encoder.0.bias");
    assertThat(StateDict.plain("module.nca.module.update_net.1.delegate.0.weight"))
        .isEqualTo("nca.update_net.1.delegate.0.weight");
    assertThat(StateDict.parallel("nca.update_net.0.bias"))
        .isEqualTo("nca.module.update_net.0.bias");
    assertThat(StateDict.parallel("encoder.0.bias")).isEqualTo("encoder.0.bias");
  }

  @Test
  void roundTrip_isExact() {
    for (ModelSpec spec :
        List.of(
            spec(8, 2, DecoderSpec.Doubling.of(3, 1, new UpdateSpec.Residual(6, 2, 3, false, 3))),
            spec(8, 2, new DecoderSpec.Convolutional(3, 2, 5, true, 0)))) {
      try (Vnca model = new Vnca(spec, new InputSpec(new ImageShape(16, 16, 1), 0, true), 1)) {
        Random random = new Random(2);
        for (StateDict.Entry entry : StateDict.of(spec, shapes(model)).entries()) {
          float[] own = new float[Arrays.stream(entry.view()).reduce(1, (a, b) -> a * b)];
          for (int i = 0; i < own.length; i++) {
            own[i] = random.nextFloat();
          }
          assertThat(Arrays.stream(entry.shape()).reduce(1, (a, b) -> a * b)).isEqualTo(own.length);
          assertThat(entry.toOwn(entry.toTheirs(own))).as(entry.name()).isEqualTo(own);
          if (entry.shape().length > 1) {
            assertThat(entry.toTheirs(own)).as(entry.name()).isNotEqualTo(own);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void goldenEncoder_asAStateDict_encodesAsPyTorch(String name) {
    try (Golden golden = new Golden("04_encoder")) {
      Values x = golden.get(name + "/inputs/x").nhwc();
      boolean colours = x.shape()[3] == 3;
      ModelSpec spec =
          new ModelSpec(
              golden.size(name, "z_size"),
              Posterior.LOG_VARIANCE,
              new EncoderSpec(golden.size(name, "base_width"), 5),
              nonDoubling(),
              colours ? LikelihoodSpec.LogisticMixture.PAPER : new LikelihoodSpec.Bernoulli());
      Map<String, String> dict = new LinkedHashMap<>();
      for (int i = 0; i < EncoderSpec.LAYERS; i++) {
        put(dict, "encoder." + 2 * i, "enc.conv" + i);
      }
      put(dict, "encoder.11", "enc.linear");
      try (TFloat32 images = x.tensor()) {
        compare(
            golden,
            name,
            spec,
            x.shape()[1],
            dict,
            (tf, model) -> model.encoder().forward(tf, tf.constantOf(images)).output(),
            golden.get(name + "/expected/output"));
      }
    }
  }

  @Test
  void goldenNonDoubling_asAStateDict_growsAsPyTorch() {
    String name = Golden.cases("09_pool", "inputs/pool_z", "expected/final_states").get(0);
    try (Golden golden = new Golden("09_pool");
        TFloat32 seeds = golden.get(name + "/expected/seeds").nhwc().tensor()) {
      ModelSpec spec =
          spec(
              golden.size(name, "z_size"),
              golden.size(name, "base_width"),
              new DecoderSpec.NonDoubling(DecoderSpec.StepRange.PAPER, 1, golden.update(name)));
      Map<String, String> dict = new LinkedHashMap<>();
      put(dict, "nca.update_net.0", "nca.perceive");
      put(dict, "nca.update_net.2", "nca.out");
      compare(
          golden,
          name,
          spec,
          golden.get(name + "/inputs/x").shape()[2],
          dict,
          (tf, model) ->
              ((AutomatonDecoder) model.decoder())
                  .settle(
                      tf,
                      tf.constantOf(seeds),
                      tf.constant(golden.size(name, "T")),
                      MemoryPolicy.RECOMPUTE,
                      Apply.SUM)
                  .last(),
          golden.get(name + "/expected/final_states").nhwc());
    }
  }

  @ParameterizedTest
  @MethodSource("doublings")
  void goldenDoubling_asAStateDict_decodesAsPyTorch(String name) {
    try (Golden golden = new Golden("06_doubling");
        TFloat32 latents = golden.get(name + "/inputs/z").tensor()) {
      ModelSpec spec =
          spec(
              golden.size(name, "z_size"),
              2,
              DecoderSpec.Doubling.of(
                  golden.size(name, "K"), golden.size(name, "M"), golden.update(name)));
      Map<String, String> dict = new LinkedHashMap<>();
      putUpdateNet(dict, golden.blocks(name));
      compare(
          golden,
          name,
          spec,
          golden.get(name + "/inputs/x").shape()[2],
          dict,
          (tf, model) -> model.decoder().decode(tf, tf.constantOf(latents)),
          golden
              .get(name + "/states/" + Collections.max(golden.children(name + "/states")))
              .nhwc());
    }
  }

  @ParameterizedTest
  @MethodSource("baselines")
  void goldenBaseline_asAStateDict_decodesAsPyTorch(String name) {
    try (Golden golden = new Golden("07_baseline");
        TFloat32 latents = golden.get(name + "/inputs/z").tensor()) {
      int doublings = golden.numbers(name + "/weights", "dec.up", ".weight").length - 1;
      int[] output = golden.get(name + "/expected/output").shape();
      int side = output[2];
      int channels = output[1];
      DecoderSpec decoder =
          new DecoderSpec.Convolutional(
              doublings,
              golden.size(name, "base_width"),
              5,
              golden.size(name, "elu_after_linear") == 1,
              0);
      LikelihoodSpec likelihood =
          channels == 1
              ? new LikelihoodSpec.Bernoulli()
              : new LikelihoodSpec.LogisticMixture(channels / 10, 0, false);
      ModelSpec spec =
          new ModelSpec(
              golden.size(name, "z_size"),
              Posterior.LOG_VARIANCE,
              new EncoderSpec(2, 5),
              decoder,
              likelihood);
      Map<String, String> dict = new LinkedHashMap<>();
      put(dict, "decoder_linear.0", "dec.linear");
      for (int i = 0; i <= doublings; i++) {
        put(dict, "decoder." + 2 * i, "dec.up" + i);
      }
      compare(
          golden,
          name,
          spec,
          side,
          dict,
          (tf, model) -> model.decoder().decode(tf, tf.constantOf(latents)),
          golden.get(name + "/expected/output").nhwc());
    }
  }

  @Test
  void modelsThatTheirProgramLacks_areRefused() {
    ModelSpec gru = spec(8, 2, DecoderSpec.Doubling.of(3, 1, new UpdateSpec.Gru(4)));
    assertThatThrownBy(() -> StateDict.of(gru, Map.of()))
        .hasMessage(
            "the authors' program has no names for a gated recurrent unit, so its weights stay"
                + " here");
    ModelSpec scales = spec(8, 2, new DecoderSpec.Doubling(3, 1, UpdateSpec.Simple.PAPER, true));
    assertThatThrownBy(() -> StateDict.of(scales, Map.of()))
        .hasMessageContaining("a net per scale");
  }

  @Test
  void whatTheirProgramLeavesOutWithTheSameWeights_isSaid() {
    DecoderSpec.Doubling plain = DecoderSpec.Doubling.of(3, 1, UpdateSpec.Simple.PAPER);
    assertThat(plain.leftOutInPytorch()).isEmpty();
    assertThat(DecoderSpec.NonDoubling.PAPER.leftOutInPytorch()).isEmpty();
    assertThat(
            new DecoderSpec.Doubling(3, 1, UpdateSpec.Simple.PAPER, false, 0.5, 0.1)
                .bounded(4)
                .with(new DecoderSpec.Settle(1, 5, 3))
                .leftOutInPytorch())
        .containsExactly("update-probability 0.5", "noise 0.1", "bound 4.0", "settle.evaluation 3");
    assertThat(
            new DecoderSpec.NonDoubling(
                    DecoderSpec.StepRange.PAPER, 0.5, UpdateSpec.Simple.PAPER, 0.1, 0, 4)
                .leftOutInPytorch())
        .containsExactly("noise 0.1", "bound 4.0");
  }

  /** How long a decoder settles is no weight: those of one that does are a doubling decoder's. */
  @Test
  void aDecoderThatSettles_hasTheNamesOfADoublingOne() {
    DecoderSpec.Doubling plain = DecoderSpec.Doubling.of(3, 1, UpdateSpec.Residual.of(6, 2));
    InputSpec input = new InputSpec(new ImageShape(16, 16, 1), 0, true);
    List<List<String>> names = new ArrayList<>();
    for (DecoderSpec decoder : List.of(plain, plain.with(new DecoderSpec.Settle(1, 5, 3)))) {
      ModelSpec model = spec(8, 2, decoder);
      try (Vnca vnca = new Vnca(model, input, 1)) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        vnca.trainable()
            .forEach(
                p ->
                    shapes.put(
                        p.name(),
                        Arrays.stream(p.shape().asArray()).mapToInt(Math::toIntExact).toArray()));
        names.add(
            StateDict.of(model, shapes).entries().stream().map(StateDict.Entry::name).toList());
      }
    }
    assertThat(names.get(1)).isEqualTo(names.get(0)).contains("nca.update_net.2.delegate.0.weight");
  }

  /** Puts the golden weights, as PyTorch has them, into a model; those that the case has. */
  private static void compare(
      Golden golden,
      String name,
      ModelSpec spec,
      int side,
      Map<String, String> dict,
      BiFunction<Ops, Vnca, Operand<TFloat32>> output,
      Values expected) {
    int channels = spec.likelihood() instanceof LikelihoodSpec.Bernoulli ? 1 : 3;
    InputSpec input = new InputSpec(new ImageShape(side, side, channels), 0, channels == 1);
    try (Vnca model = new Vnca(spec, input, 1);
        Session session = new Session(model.graph())) {
      Ops tf = Ops.create(model.graph());
      Operand<TFloat32> last = output.apply(tf, model);
      Runs.run(session, Map.of(), model.parameters().initialize());
      Map<Parameter, Values> values = new LinkedHashMap<>();
      for (StateDict.Entry entry : StateDict.of(spec, shapes(model)).entries()) {
        if (dict.containsKey(entry.name())) {
          Values theirs = golden.get(name + "/weights/" + dict.get(entry.name()));
          assertThat(theirs.shape()).as(entry.name()).isEqualTo(entry.shape());
          values.put(parameter(model, entry.parameter()), own(entry, theirs, model));
        }
      }
      Runs.assign(session, tf, values);
      assertThat(values).hasSizeGreaterThan(2);
      assertThat(expected.deviation(Runs.fetch(session, Map.of(), List.of(last)).get(0)))
          .isLessThan(1e-5);
    }
  }

  private static Values own(StateDict.Entry entry, Values theirs, Vnca model) {
    float[] own = entry.toOwn(theirs.floats());
    double[] data = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      data[i] = own[i];
    }
    return new Values(entry.parameter(), shapes(model).get(entry.parameter()), data);
  }

  private static void putUpdateNet(Map<String, String> dict, int blocks) {
    put(dict, "nca.update_net.0", "nca.perceive");
    for (int i = 0; i < blocks; i++) {
      put(dict, "nca.update_net." + (i + 1) + ".delegate.0", "nca.res" + i + ".a");
      put(dict, "nca.update_net." + (i + 1) + ".delegate.2", "nca.res" + i + ".b");
    }
    put(dict, "nca.update_net." + (blocks + 1), "nca.out");
  }

  private static void put(Map<String, String> dict, String module, String golden) {
    dict.put(module + ".weight", golden + ".weight");
    dict.put(module + ".bias", golden + ".bias");
  }

  private static List<String> names(ModelSpec spec, int side, int channels) {
    InputSpec input = new InputSpec(new ImageShape(side, side, channels), 0, channels == 1);
    try (Vnca model = new Vnca(spec, input, 1)) {
      return StateDict.of(spec, shapes(model)).entries().stream()
          .map(StateDict.Entry::name)
          .toList();
    }
  }

  private static Map<String, int[]> shapes(Vnca model) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    model
        .trainable()
        .forEach(
            p ->
                shapes.put(
                    p.name(),
                    Arrays.stream(p.shape().asArray()).mapToInt(Math::toIntExact).toArray()));
    return shapes;
  }

  private static Parameter parameter(Vnca model, String name) {
    return model.trainable().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  private static DecoderSpec nonDoubling() {
    return new DecoderSpec.NonDoubling(DecoderSpec.StepRange.PAPER, 1, new UpdateSpec.Simple(2));
  }

  private static ModelSpec spec(int latent, int filters, DecoderSpec decoder) {
    boolean colours = decoder instanceof DecoderSpec.Convolutional c && c.doublings() == 5;
    return new ModelSpec(
        latent,
        Posterior.LOG_VARIANCE,
        new EncoderSpec(filters, 5),
        decoder,
        colours ? LikelihoodSpec.LogisticMixture.PAPER : new LikelihoodSpec.Bernoulli());
  }
}
