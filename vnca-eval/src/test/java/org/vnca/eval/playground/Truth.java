package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.decoder.CellularDecoder;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.session.States;
import org.vnca.graph.session.StudySession;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.vae.Likelihood;

/**
 * What the program computes for one model with random weights: every state of a decoding and of
 * some steps beyond it, with the random numbers that were drawn, mean images, and draws.
 */
final class Truth {
  private static final int LATENTS = 2;
  private static final int BEYOND = 3;
  private static final long SEED = 11;

  /** The counter of the first step's draws outside of training: that of the step -1. */
  private static final long FIRST_DRAW = -(1L << 20);

  private final PlaygroundCase model;

  private Truth(PlaygroundCase model) {
    this.model = model;
  }

  /** Computes it, as {@code compare.js} reads it. */
  static Map<String, Object> of(PlaygroundCase model) {
    return new Truth(model).computed();
  }

  private Map<String, Object> computed() {
    try (VncaSession session =
        VncaSession.forEvaluation(
            model.spec(), model.input(), SEED, new Host(DeviceRequest.setting(Device.CPU), 1))) {
      session.initialize();
      Map<String, int[]> shapes = new LinkedHashMap<>(session.variables().trainableShapes());
      shapes.keySet().removeIf(name -> !name.startsWith("decoder/"));
      Map<String, float[]> weights = weights(shapes);
      session.variables().assign(weights);
      float[][] latents = session.sampling().prior(new long[] {5, 6});
      Map<String, Object> truth = new LinkedHashMap<>();
      PackedWeights packed = PackedWeights.of(shapes, weights, model.format());
      truth.put("name", model.name());
      truth.put("model", ModelText.of(session.description(), packed, Map.of()));
      truth.put("weights", packed.base64());
      truth.put("latents", latents);
      try (Graph graph = new Graph();
          Session tensorflow = new Session(graph)) {
        Ops tf = Ops.create(graph);
        List<Map<String, Object>> steps = states(tf, tensorflow, weights, latents);
        States last = session.study().last(latents);
        checkLast(steps.get(steps.size() - 1), last);
        beyond(tf, tensorflow, session.study(), last, steps);
        truth.put("steps", steps);
        images(tf, tensorflow, session.study(), latest, truth);
      }
      return truth;
    }
  }

  private States latest;

  /** All layers have weights that are not zero, also those that a training begins with at zero. */
  private Map<String, float[]> weights(Map<String, int[]> shapes) {
    Random random = new Random(3);
    Map<String, float[]> all = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
          int fanIn = shape.length < 4 ? 4 : shape[0] * shape[1] * shape[2];
          float[] values = new float[count];
          for (int i = 0; i < count; i++) {
            float value = (float) (random.nextGaussian() * model.gain() / Math.sqrt(fanIn));
            values[i] = model.format() == WeightFormat.FLOAT16 ? rounded(value) : value;
          }
          all.put(name, values);
        });
    return all;
  }

  /** To what 16 bits hold at any scale, so that both formats hold the same weights. */
  private static float rounded(float value) {
    float step = Math.scalb(1f, Math.getExponent(value) - 10);
    return (float) Math.rint(value / step) * step;
  }

  private List<Map<String, Object>> states(
      Ops tf, Session tensorflow, Map<String, float[]> weights, float[][] latents) {
    Parameters parameters = new Parameters(tf, SEED);
    int channels = model.spec().likelihood().parameterChannels(model.input().padded().channels());
    Decoder decoder =
        Decoder.of(
            model.spec().decoder(),
            model.spec().latent(),
            model.input().padded().height(),
            channels,
            parameters);
    Session.Runner assign = tensorflow.runner();
    for (Parameter parameter : parameters.all()) {
      Op assigned =
          tf.assignVariableOp(
              parameter.handle(), constant(tf, weights.get(parameter.name()), parameter.shape()));
      assign.addTarget(assigned);
    }
    assign.run().close();
    float[] flat = new float[LATENTS * model.spec().latent()];
    for (int n = 0; n < LATENTS; n++) {
      System.arraycopy(latents[n], 0, flat, n * model.spec().latent(), model.spec().latent());
    }
    Operand<TFloat32> z = constant(tf, flat, Shape.of(LATENTS, model.spec().latent()));
    List<Operand<TFloat32>> stages =
        ((CellularDecoder) decoder).trace(tf, z, MemoryPolicy.RECOMPUTE).stages(tf);
    List<Map<String, Object>> steps = new ArrayList<>();
    long time = 0;
    for (int k = 0; k < stages.size(); k++) {
      try (Result result = tensorflow.runner().fetch(stages.get(k)).run()) {
        Shape shape = result.get(0).shape();
        float[] values = values(result.get(0));
        int side = (int) shape.get(2);
        int size = values.length / (int) shape.get(0);
        for (int t = 0; t < shape.get(0); t++) {
          String kind = t > 0 ? "step" : k == 0 ? "seed" : "doubling";
          float[] states = Arrays.copyOfRange(values, t * size, (t + 1) * size);
          steps.add(step(tf, tensorflow, kind, side, t > 0 ? time++ : -1, states));
        }
      }
    }
    return steps;
  }

  private void beyond(
      Ops tf,
      Session tensorflow,
      StudySession study,
      States last,
      List<Map<String, Object>> steps) {
    int time = model.spec().decoder().decodingSteps();
    latest = last;
    for (int t = 0; t < BEYOND; t++) {
      latest = study.advance(latest, 1, time + t);
      steps.add(step(tf, tensorflow, "step", latest.side(), time + t, latest.values()));
    }
  }

  private Map<String, Object> step(
      Ops tf, Session tensorflow, String kind, int side, long time, float[] states) {
    Map<String, Object> step = new LinkedHashMap<>();
    int size = states.length / LATENTS;
    step.put("kind", kind);
    step.put("side", side);
    step.put("mask", time < 0 ? null : mask(tf, tensorflow, side, time));
    step.put("noise", time < 0 ? null : noise(tf, tensorflow, side, time));
    step.put(
        "states",
        IntStream.range(0, LATENTS)
            .mapToObj(n -> Examples.base64(Arrays.copyOfRange(states, n * size, (n + 1) * size)))
            .toList());
    return step;
  }

  /** As {@code StepDraws} keys it; null if all cells take part. */
  private String mask(Ops tf, Session tensorflow, int side, long time) {
    double probability = updateProbability();
    if (probability == 1) {
      return null;
    }
    float[] drawn =
        run(
            tensorflow,
            Stream.CELL_UPDATE.uniform(
                tf,
                tf.constant(new int[] {1, side, side, 1}),
                SEED,
                tf.constant(FIRST_DRAW + time)));
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = drawn[i] < (float) probability ? 1 : 0;
    }
    return Examples.base64(drawn);
  }

  private String noise(Ops tf, Session tensorflow, int side, long time) {
    if (deviation() == 0) {
      return null;
    }
    int changed = model.spec().latent() - model.spec().decoder().constantChannels();
    return Examples.base64(
        run(
            tensorflow,
            Stream.STATE_NOISE.normal(
                tf,
                tf.constant(new int[] {1, side, side, changed}),
                SEED,
                tf.constant(FIRST_DRAW + time))));
  }

  private double updateProbability() {
    return model.spec().decoder() instanceof DecoderSpec.Doubling doubling
        ? doubling.updateProbability()
        : ((DecoderSpec.NonDoubling) model.spec().decoder()).updateProbability();
  }

  private double deviation() {
    return model.spec().decoder() instanceof DecoderSpec.Doubling doubling
        ? doubling.noise()
        : ((DecoderSpec.NonDoubling) model.spec().decoder()).noise();
  }

  private void images(
      Ops tf, Session tensorflow, StudySession study, States last, Map<String, Object> truth) {
    int channels = model.input().padded().channels();
    Likelihood likelihood = Likelihood.of(model.spec().likelihood(), channels, SEED);
    float[] uniform = new float[last.side() * last.side() * likelihood.draws()];
    Random random = new Random(8);
    for (int i = 0; i < uniform.length; i++) {
      uniform[i] = random.nextFloat();
    }
    Operand<TFloat32> states =
        constant(tf, last.values(), Shape.of(LATENTS, last.side(), last.side(), last.channels()));
    float[] samples =
        run(
            tensorflow,
            likelihood.sample(
                tf,
                states,
                constant(tf, uniform, Shape.of(1, last.side(), last.side(), likelihood.draws()))));
    int size = samples.length / LATENTS;
    float[][] means = study.means(last);
    truth.put("means", Arrays.stream(means).map(mean -> Examples.base64(mean)).toList());
    truth.put("uniform", Examples.base64(uniform));
    truth.put(
        "samples",
        IntStream.range(0, LATENTS)
            .mapToObj(n -> Examples.base64(Arrays.copyOfRange(samples, n * size, (n + 1) * size)))
            .toList());
  }

  /** The traced states are those of the session that figures and studies use. */
  private static void checkLast(Map<String, Object> step, States last) {
    @SuppressWarnings("unchecked") // as step() puts it there
    List<String> traced = (List<String>) step.get("states");
    for (int n = 0; n < LATENTS; n++) {
      float[] wanted =
          Arrays.copyOfRange(last.values(), n * last.perImage(), (n + 1) * last.perImage());
      float[] found = floats(traced.get(n));
      float most = 0;
      float largest = 0;
      for (int i = 0; i < wanted.length; i++) {
        most = Math.max(most, Math.abs(wanted[i] - found[i]));
        largest = Math.max(largest, Math.abs(wanted[i]));
      }
      assertThat(most).isLessThan(2e-5f * largest);
    }
  }

  static float[] floats(String base64) {
    java.nio.FloatBuffer buffer =
        java.nio.ByteBuffer.wrap(java.util.Base64.getDecoder().decode(base64))
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static float[] run(Session tensorflow, Operand<TFloat32> wanted) {
    try (Result result = tensorflow.runner().fetch(wanted).run()) {
      return values(result.get(0));
    }
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().size()];
    ((TFloat32) tensor).copyTo(DataBuffers.of(values, false, false));
    return values;
  }

  private static Operand<TFloat32> constant(Ops tf, float[] values, Shape shape) {
    return tf.reshape(
        tf.constant(values),
        tf.constant(Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray()));
  }
}
