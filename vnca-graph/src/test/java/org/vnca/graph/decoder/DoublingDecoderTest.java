package org.vnca.graph.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.Golden;
import org.vnca.graph.GoldenWeights;
import org.vnca.graph.Runs;
import org.vnca.graph.Values;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Likelihood;

class DoublingDecoderTest {
  /** The first case of pictures of one channel: the test's likelihood is Bernoulli's. */
  private static final String CASE = firstOfOneChannel();

  private static String firstOfOneChannel() {
    try (Golden golden = new Golden("06_doubling")) {
      return Golden.cases("06_doubling", "inputs/x", "states").stream()
          .filter(name -> golden.get(name + "/inputs/x").shape()[1] == 1)
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource(MemoryPolicy.class)
  @SuppressWarnings("unchecked")
  void decoder_ofGoldenLatents_hasGoldenStatesLossAndGradients(MemoryPolicy policy) {
    try (Golden golden = new Golden("06_doubling");
        Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 latents = golden.get(CASE + "/inputs/z").tensor();
        TFloat32 images = golden.get(CASE + "/inputs/x").nhwc().tensor()) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      CellularDecoder decoder = doubling(spec(golden), (int) latents.shape().get(1), parameters);
      Operand<TFloat32> z = tf.constantOf(latents);
      CellularDecoder.CellularTrace trace = decoder.trace(tf, z, policy);
      Operand<TFloat32> logLikelihood =
          Likelihood.of(new LikelihoodSpec.Bernoulli(), 1, 1)
              .logProbability(tf, trace.last(), tf.constantOf(images));
      Operand<TFloat32> loss = tf.math.neg(tf.math.mean(logLikelihood, tf.constant(0)));
      Output<?>[] head =
          graph.addGradients(loss.asOutput(), new Output<?>[] {trace.last().asOutput()});
      Layer.Backward back = trace.backward(tf, (Output<TFloat32>) head[0]);
      List<Operand<TFloat32>> stages = decoder.trace(tf, z, MemoryPolicy.RECOMPUTE).stages(tf);

      Runs.run(session, Map.of(), parameters.initialize());
      Map<Parameter, Values> weights = new LinkedHashMap<>();
      decoder
          .parameters()
          .forEach(p -> weights.put(p, GoldenWeights.of(golden, CASE + "/weights", p)));
      Runs.assign(session, tf, weights);

      List<Operand<TFloat32>> fetches =
          new ArrayList<>(List.of(decoder.decode(tf, z), logLikelihood, loss, back.dx()));
      fetches.addAll(back.dWeights().of(decoder.parameters()));
      List<float[]> got = Runs.fetch(session, Map.of(), fetches);
      assertThat(golden.get(CASE + "/expected/loglik").deviation(got.get(1))).isLessThan(1e-5);
      assertThat(golden.get(CASE + "/expected/loss").deviation(got.get(2))).isLessThan(1e-5);
      assertThat(golden.get(CASE + "/grads/z").deviation(got.get(3))).isLessThan(1e-4);
      for (int i = 0; i < decoder.parameters().size(); i++) {
        Parameter parameter = decoder.parameters().get(i);
        Values expected = GoldenWeights.of(golden, CASE + "/grads", parameter);
        assertThat(expected.deviation(got.get(4 + i))).as(parameter.name()).isLessThan(1e-4);
      }
      List<String> states = golden.children(CASE + "/states").stream().sorted().toList();
      Values last = golden.get(CASE + "/states/" + states.get(states.size() - 1)).nhwc();
      assertThat(last.deviation(got.get(0))).as("without history").isLessThan(1e-5);
      List<float[]> grown = Runs.fetch(session, Map.of(), stages);
      int next = 0;
      for (float[] stage : grown) {
        int perStage = spec(golden).steps() + 1;
        int length = stage.length / perStage;
        for (int step = 0; step < perStage; step++) {
          Values expected = golden.get(CASE + "/states/" + states.get(next)).nhwc();
          float[] state = java.util.Arrays.copyOfRange(stage, step * length, (step + 1) * length);
          assertThat(expected.deviation(state)).as(states.get(next)).isLessThan(1e-5);
          next++;
        }
      }
      assertThat(next).isEqualTo(states.size());
    }
  }

  @Test
  void doubling_repeatsEachCellTwoByTwo() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Parameters parameters = new Parameters(tf, 1);
      // Zero-initialised: every step is the identity, so that only the doublings are left.
      Decoder decoder =
          doubling(DecoderSpec.Doubling.of(2, 3, UpdateSpec.Residual.of(4, 1)), 2, parameters);
      Operand<TFloat32> last = decoder.decode(tf, tf.constant(new float[][] {{3f, -1f}}));
      Runs.run(session, Map.of(), parameters.initialize());
      float[] got = Runs.fetch(session, Map.of(), List.of(last)).get(0);
      assertThat(got).hasSize(8 * 8 * 2);
      for (int i = 0; i < got.length; i += 2) {
        assertThat(new float[] {got[i], got[i + 1]}).containsExactly(3f, -1f);
      }
    }
  }

  private static CellularDecoder doubling(
      DecoderSpec.Doubling spec, int latent, Parameters parameters) {
    return (CellularDecoder) Decoder.of(spec, latent, spec.sides().get(0), 1, parameters);
  }

  private static DecoderSpec.Doubling spec(Golden golden) {
    return DecoderSpec.Doubling.of(
        golden.size(CASE, "K"), golden.size(CASE, "M"), golden.update(CASE));
  }
}
