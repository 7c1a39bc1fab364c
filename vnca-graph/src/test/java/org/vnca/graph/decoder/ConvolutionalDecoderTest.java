package org.vnca.graph.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.vae.Vnca;

class ConvolutionalDecoderTest {

  static List<String> baselines() {
    return Golden.cases("07_baseline", "inputs/z", "expected/output");
  }

  @ParameterizedTest
  @MethodSource("baselines")
  void decoder_ofGoldenLatents_hasGoldenMapsLossAndGradients(String name) {
    try (Golden golden = new Golden("07_baseline");
        Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 latents = golden.get(name + "/inputs/z").tensor()) {
      Ops tf = Ops.create(graph);
      int doublings = golden.numbers(name + "/weights", "dec.up", ".weight").length - 1;
      int[] output = golden.get(name + "/expected/output").shape();
      int channels = output[1];
      int side = output[2];
      DecoderSpec.Convolutional spec =
          new DecoderSpec.Convolutional(
              doublings,
              golden.size(name, "base_width"),
              5,
              golden.size(name, "elu_after_linear") == 1,
              0);
      Parameters parameters = new Parameters(tf, 1);
      int latent = golden.size(name, "z_size");
      ConvolutionalDecoder decoder =
          (ConvolutionalDecoder) Decoder.of(spec, latent, side, channels, parameters);
      Operand<TFloat32> z = tf.constantOf(latents);
      Decoder.Trace trace = decoder.trace(tf, z, MemoryPolicy.STORE);
      Operand<TFloat32> loss = sumOfSquares(tf, trace.last());
      Layer.Backward back = trace.backward(tf, tf.math.mul(trace.last(), tf.constant(2f)));

      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      decoder.parameters().forEach(p -> weights.put(p, golden(golden, name + "/weights/", p)));
      Runs.assign(session, tf, weights);
      List<Operand<TFloat32>> maps = decoder.maps(tf, z);
      List<Operand<TFloat32>> fetches =
          new ArrayList<>(List.of(maps.get(0), maps.get(1), maps.get(2), trace.last(), loss));
      fetches.add(back.dx());
      List<Operand<TFloat32>> dWeights = back.dWeights().of(decoder.parameters());
      fetches.addAll(dWeights);
      List<float[]> got = Runs.fetch(session, Map.of(), fetches);
      String expected = name + "/expected/";
      String[] forward = {"seed", "act0", "act1", "output"};
      for (int i = 0; i < forward.length; i++) {
        double off = golden.get(expected + forward[i]).nhwc().deviation(got.get(i));
        assertThat(off).as(forward[i]).isLessThan(1e-5);
      }
      assertThat(golden.get(expected + "loss").deviation(got.get(4))).isLessThan(1e-5);
      assertThat(golden.get(name + "/grads/z").deviation(got.get(5))).isLessThan(1e-4);
      assertThat(dWeights).hasSize(golden.children(name + "/weights").size());
      for (int i = 0; i < dWeights.size(); i++) {
        Parameter parameter = decoder.parameters().get(i);
        double off = golden(golden, name + "/grads/", parameter).deviation(got.get(6 + i));
        assertThat(off).as(parameter.name()).isLessThan(1e-4);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true,0", "false,0", "true,1", "false,0.7"})
  void backward_equalsFiniteDifferences(boolean denseElu, double hiddenDamage) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Decoder decoder =
          Decoder.of(
              new DecoderSpec.Convolutional(1, 2, 3, denseElu, hiddenDamage), 3, 2, 2, parameters);
      Operand<TFloat32> z = tf.constant(new float[][] {{0.5f, -1, 0.8f}, {-0.2f, 0.3f, 1}});
      Decoder.Trace trace =
          decoder.train(tf, z, MemoryPolicy.STORE, new Decoder.Draw(1, tf.constant(3L)));
      Operand<TFloat32> loss = sumOfSquares(tf, trace.last());
      Layer.Backward back = trace.backward(tf, tf.math.mul(trace.last(), tf.constant(2f)));
      Runs.run(session, Map.of(), parameters.initialize());
      for (int i = 0; i < decoder.parameters().size(); i++) {
        Parameter parameter = decoder.parameters().get(i);
        Values at = random(parameter, i);
        Runs.assign(session, tf, Map.of(parameter, at));
        float[] gradient =
            Runs.fetch(session, Map.of(), List.of(back.dWeights().get(parameter.name()))).get(0);
        double most = 0;
        for (float value : gradient) {
          most = Math.max(most, Math.abs(value));
        }
        for (int k = 0; k < gradient.length; k += 3) {
          double up = loss(session, tf, parameter, moved(at, k, 1e-2), loss);
          double down = loss(session, tf, parameter, moved(at, k, -1e-2), loss);
          assertThat((double) gradient[k])
              .as(parameter.name() + "[" + k + "]")
              .isCloseTo((up - down) / 2e-2, within(5e-3 * most));
        }
        Runs.assign(session, tf, Map.of(parameter, at));
      }
    }
  }

  @Test
  void firstWeights_areBoundedByTheOutputsAsPyTorchsAre() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Decoder decoder =
          Decoder.of(new DecoderSpec.Convolutional(2, 8, 5, false, 0), 16, 8, 1, parameters);
      Runs.run(session, Map.of(), parameters.initialize());
      // up0 maps 32 channels to 16: the bound is 1 / sqrt(16 * 25).
      Parameter weight = decoder.parameters().get(2);
      assertThat(weight.name()).isEqualTo("decoder/up0/weight");
      float most = 0;
      for (float value : Runs.fetch(session, Map.of(), List.of(weight.value())).get(0)) {
        most = Math.max(most, Math.abs(value));
      }
      assertThat(most).isBetween(0.99f / 20, 1f / 20);
    }
  }

  @Test
  void hiddenDamage_changesTheGivenShareOfImagesAndNoneOutsideOfTraining() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      Decoder decoder =
          Decoder.of(new DecoderSpec.Convolutional(3, 2, 5, true, 0.4), 3, 16, 1, parameters);
      int images = 1000;
      Operand<TFloat32> z =
          tf.broadcastTo(
              tf.constant(new float[][] {{1, -1, 2}}), tf.constant(new int[] {images, 3}));
      Operand<TFloat32> trained =
          decoder.train(tf, z, MemoryPolicy.STORE, new Decoder.Draw(1, tf.constant(7L))).last();
      Runs.run(session, Map.of(), parameters.initialize());
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(trained, decoder.decode(tf, z), decoder.trace(tf, z, null).last()));
      assertThat(got.get(1)).isEqualTo(got.get(2));
      Set<Integer> kinds = new HashSet<>();
      int damaged = 0;
      for (int i = 0; i < images; i++) {
        float[] with = Arrays.copyOfRange(got.get(0), i * 256, (i + 1) * 256);
        damaged += Arrays.equals(with, Arrays.copyOfRange(got.get(1), 0, 256)) ? 0 : 1;
        kinds.add(Arrays.hashCode(with));
      }
      assertThat(damaged).isBetween(340, 460);
      // 2x2, 4x4 and twice 8x8 and 16x16 maps, squares of 1, 2, 4 and 8 cells: 4 + 9 + 25 + 81.
      assertThat(kinds).hasSizeBetween(60, 120);
    }
  }

  @Test
  void paperBaseline_has9p496MillionParameters() {
    InputSpec input = new InputSpec(new ImageShape(28, 28, 1), 0, true);
    try (Vnca model = new Vnca(baseline(), input, 1)) {
      assertThat(model.parameters().count()).isEqualTo(9_495_809L);
    }
  }

  @Test
  void imageThatTheLastLayerCannotCropTo_isRefused() {
    InputSpec input = new InputSpec(new ImageShape(24, 24, 1), 0, true);
    assertThatThrownBy(() -> new Vnca(baseline(), input, 1))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage(
            "decoder must make images of the data's size, 24x24x1, but is 32x32 or 30x30 or 28x28"
                + " (pad-to and doublings decide the sizes)");
  }

  private static ModelSpec baseline() {
    ModelSpec paper = ModelSpec.PAPER;
    return new ModelSpec(
        128,
        paper.posterior(),
        paper.encoder(),
        DecoderSpec.Convolutional.PAPER,
        paper.likelihood());
  }

  /** The golden tensor of a parameter; PyTorch reshapes the dense layer's output to C, H, W. */
  private static Values golden(Golden golden, String group, Parameter parameter) {
    Values stored =
        golden.get(
            group
                + parameter
                    .name()
                    .replace("decoder/dense", "dec.linear")
                    .replace("decoder/", "dec.")
                    .replace('/', '.'));
    if (!parameter.name().startsWith("decoder/dense")) {
      return stored.weight();
    }
    int out = stored.shape()[0];
    int in = stored.data().length / out;
    return stored.reshape(out / 4, 2, 2, in).permute(3, 1, 2, 0).reshape(in, out);
  }

  private static Operand<TFloat32> sumOfSquares(Ops tf, Operand<TFloat32> y) {
    Operand<TInt32> axes = tf.constant(new int[] {0, 1, 2, 3});
    return tf.reduceSum(tf.math.square(y), axes);
  }

  private static double loss(
      Session session, Ops tf, Parameter parameter, Values values, Operand<TFloat32> loss) {
    Runs.assign(session, tf, Map.of(parameter, values));
    return Runs.fetch(session, Map.of(), List.of(loss)).get(0)[0];
  }

  private static Values random(Parameter parameter, long seed) {
    Random random = new Random(seed);
    double[] data = new double[Math.toIntExact(parameter.shape().size())];
    for (int i = 0; i < data.length; i++) {
      data[i] = 0.4 * random.nextGaussian();
    }
    int[] sides = new int[parameter.shape().numDimensions()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = Math.toIntExact(parameter.shape().get(i));
    }
    return new Values(parameter.name(), sides, data);
  }

  private static Values moved(Values values, int at, double by) {
    double[] data = values.data().clone();
    data[at] += by;
    return new Values(values.name(), values.shape(), data);
  }
}
