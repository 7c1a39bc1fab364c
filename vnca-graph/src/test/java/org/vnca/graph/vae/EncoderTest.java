package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.Golden;
import org.vnca.graph.GoldenWeights;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.ModelSpec;

class EncoderTest {
  static List<String> cases() {
    return Golden.cases("04_encoder", "inputs/x", "expected/output");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forward_ofGoldenImages_isGoldenWithItsGradients(String name) {
    try (Golden golden = new Golden("04_encoder");
        Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Values x = golden.get(name + "/inputs/x").nhwc();
      int base = golden.get(name + "/weights/enc.conv0.bias").shape()[0];
      int latent = golden.get(name + "/weights/enc.linear.bias").shape()[0] / 2;
      Parameters parameters = new Parameters(tf, 1);
      Encoder encoder =
          new Encoder(
              model(latent, base),
              new ImageShape(x.shape()[1], x.shape()[2], x.shape()[3]),
              parameters);
      Operand<TFloat32> fed = tf.placeholder(TFloat32.class);
      Encoder.Trace trace = encoder.forward(tf, fed);
      List<Operand<TFloat32>> gradients =
          encoder
              .backward(tf, trace, tf.math.mul(trace.output(), tf.constant(2f)))
              .of(encoder.parameters());
      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> values = new LinkedHashMap<>();
      encoder
          .parameters()
          .forEach(p -> values.put(p, GoldenWeights.of(golden, name + "/weights", p)));
      Runs.assign(session, tf, values);
      List<Operand<TFloat32>> fetches = new ArrayList<>(List.of(trace.output()));
      fetches.addAll(gradients);
      try (TFloat32 images = x.tensor()) {
        List<float[]> got = Runs.fetch(session, Map.of(fed, images), fetches);
        assertThat(golden.get(name + "/expected/output").deviation(got.get(0))).isLessThan(1e-5);
        for (int i = 0; i < gradients.size(); i++) {
          Parameter parameter = encoder.parameters().get(i);
          Values expected = GoldenWeights.of(golden, name + "/grads", parameter);
          assertThat(expected.deviation(got.get(1 + i))).as(parameter.name()).isLessThan(1e-4);
        }
      }
    }
  }

  @Test
  void centeredEncoder_seesPixelsFromMinusOneToOne() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      ImageShape image = new ImageShape(16, 16, 1);
      ModelSpec paper = ModelSpec.PAPER;
      Parameters parameters = new Parameters(tf, 1);
      Encoder centered =
          new Encoder(
              new ModelSpec(
                  4,
                  paper.posterior(),
                  new EncoderSpec(2, 5, true),
                  paper.decoder(),
                  paper.likelihood()),
              image,
              parameters);
      Encoder plain = new Encoder(model(4, 2), image, new Parameters(tf.withSubScope("plain"), 1));
      Operand<TFloat32> x =
          tf.random.statelessRandomUniform(
              tf.constant(new int[] {3, 16, 16, 1}), tf.constant(new long[] {1, 2}));
      Operand<TFloat32> wide = tf.math.sub(tf.math.mul(x, tf.constant(2f)), tf.constant(1f));
      Runs.run(session, Map.of(), parameters.initialize());
      List<float[]> got =
          Runs.fetch(
              session,
              Map.of(),
              List.of(
                  centered.forward(tf, x).output(),
                  plain.forward(tf, wide).output(),
                  plain.forward(tf, x).output()));
      assertThat(got.get(0)).isEqualTo(got.get(1)).isNotEqualTo(got.get(2));
    }
  }

  @Test
  void encoder_ofRectangularImages_isRefused() {
    try (Graph graph = new Graph()) {
      Parameters parameters = new Parameters(Ops.create(graph), 1);
      assertThatThrownBy(() -> new Encoder(model(4, 2), new ImageShape(28, 32, 1), parameters))
          .hasMessage("the encoder reads square images, but these are 28x32x1");
    }
  }

  private static ModelSpec model(int latent, int base) {
    ModelSpec paper = ModelSpec.PAPER;
    return new ModelSpec(
        latent, paper.posterior(), new EncoderSpec(base, 5), paper.decoder(), paper.likelihood());
  }
}
