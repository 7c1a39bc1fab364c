package org.vnca.graph.decoder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.rollout.Rollout;
import org.vnca.graph.rollout.StepDraws;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Precision;

/**
 * The doubling VNCA: z fills a 2 x 2 grid, M steps, then K times a doubling and M steps (paper,
 * section 2.1). Each stage is a rollout, all of one net or each of its own; the gradient walks the
 * stages in reverse.
 */
final class DoublingDecoder implements CellularDecoder {
  private static final int SEED_SIDE = 2;

  private final DecoderSpec.Doubling spec;
  private final int latent;
  private final long seed;
  private final ConvolutionAlgorithm algorithm;
  private final List<Parameter> parameters;
  private final Weights weights;

  /** One for all stages, or one for each. */
  private final List<Rule> rules;

  /** Their nets, in the precision in which they are computed. */
  private final List<Layer> nets;

  DoublingDecoder(DecoderSpec.Doubling spec, int latent, Parameters parameters) {
    this.spec = spec;
    this.latent = latent;
    this.seed = parameters.seed();
    this.algorithm = ConvolutionAlgorithm.DIRECT;
    this.rules = rules(spec, latent);
    this.nets = rules.stream().<Layer>map(Rule::net).toList();
    this.parameters =
        nets.stream().flatMap(net -> parameters.add(net.parameters()).stream()).toList();
    this.weights = Weights.of(this.parameters);
  }

  private DoublingDecoder(
      DoublingDecoder decoder, List<Layer> nets, ConvolutionAlgorithm algorithm) {
    this.spec = decoder.spec;
    this.latent = decoder.latent;
    this.seed = decoder.seed;
    this.algorithm = algorithm;
    this.rules = decoder.rules;
    this.nets = nets;
    this.parameters = decoder.parameters;
    this.weights = decoder.weights;
  }

  private static List<Rule> rules(DecoderSpec.Doubling spec, int latent) {
    if (!spec.netPerScale()) {
      return List.of(Rule.of(spec.update(), "decoder", latent));
    }
    return IntStream.rangeClosed(0, spec.doublings())
        .mapToObj(k -> Rule.of(spec.update(), "decoder/scale" + k, latent))
        .toList();
  }

  /** Floating-point operations of decoding one latent vector. */
  static long flops(DecoderSpec.Doubling spec, int latent) {
    List<Rule> rules = rules(spec, latent);
    long flops = 0;
    for (int k = 0; k <= spec.doublings(); k++) {
      Layer net = rules.get(spec.netPerScale() ? k : 0).net();
      flops += spec.steps() * net.flops(MapShape.square(SEED_SIDE << k, latent));
    }
    return flops;
  }

  /** The rule of a stage, after the steps of the stages before it. */
  private Rollout rollout(Ops tf, int stage, StepDraws draws) {
    Operand<TInt32> before = tf.constant(stage * spec.steps());
    return later(stage, stage == 0 ? draws : draws.after(before));
  }

  private Rollout later(int stage, StepDraws draws) {
    Layer net = nets.get(net(stage));
    return new Rollout(
        algorithm == ConvolutionAlgorithm.WINOGRAD ? net.onGrid(SEED_SIDE << stage) : net,
        weights,
        apply(rules.get(net(stage)), draws));
  }

  @Override
  public DecoderDescription description(Ops tf) {
    return new DecoderDescription(
        IntStream.range(0, stages())
            .mapToObj(
                k -> new DecoderDescription.Stage(SEED_SIDE << k, k > 0, spec.steps(), net(k)))
            .toList(),
        rules.stream()
            .map(
                rule ->
                    new DecoderDescription.Rule(
                        rule.net().description(), apply(rule, measuring(tf)).description()))
            .toList());
  }

  private Apply apply(Rule rule, StepDraws draws) {
    return rule.apply(latent, spec.updateProbability(), spec.noise(), draws);
  }

  private int net(int stage) {
    return spec.netPerScale() ? stage : 0;
  }

  private StepDraws measuring(Ops tf) {
    return StepDraws.measuring(tf, seed);
  }

  @Override
  public Decoder withPrecision(Precision precision) {
    return new DoublingDecoder(
        this, nets.stream().map(net -> net.withPrecision(precision)).toList(), algorithm);
  }

  @Override
  public Decoder withAlgorithm(ConvolutionAlgorithm other) {
    return new DoublingDecoder(this, nets, other);
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> state = seeds(tf, z);
    for (int k = 0; k < stages(); k++) {
      state = stage(tf.withSubScope("stage" + k), state, k);
    }
    return state;
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps) {
    Operand<TFloat32> state = seeds(tf, z);
    for (int k = 0; k <= spec.doublings(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      StepDraws draws =
          k == 0
              ? measuring(stage)
              : measuring(stage).after(stage.math.mul(steps, stage.constant(k)));
      state = later(k, draws).run(stage, k == 0 ? state : Doubling.forward(stage, state), steps);
    }
    return state;
  }

  @Override
  public int stages() {
    return spec.doublings() + 1;
  }

  @Override
  public Operand<TFloat32> stage(Ops tf, Operand<TFloat32> states, int stage) {
    Operand<TFloat32> first = stage == 0 ? states : Doubling.forward(tf, states);
    return rollout(tf, stage, measuring(tf)).run(tf, first, tf.constant(spec.steps()));
  }

  @Override
  public Operand<TFloat32> advance(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return later(spec.doublings(), measuring(tf).after(time)).run(tf, states, steps);
  }

  @Override
  public Operand<TFloat32> advanceWatched(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return later(spec.doublings(), measuring(tf).after(time))
        .forward(tf, states, steps, MemoryPolicy.RECOMPUTE)
        .all(tf);
  }

  @Override
  public CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    return trace(tf, z, policy, measuring(tf));
  }

  @Override
  public CellularTrace train(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    return trace(tf, z, policy, StepDraws.training(draw.seed(), draw.step(), draw.part()));
  }

  private CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, StepDraws draws) {
    Operand<TInt32> steps = tf.constant(spec.steps());
    List<Grown> stages = new ArrayList<>();
    Operand<TFloat32> state = seeds(tf, z);
    for (int k = 0; k <= spec.doublings(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      Operand<TFloat32> first = k == 0 ? state : Doubling.forward(stage, state);
      Rollout rollout = rollout(stage, k, draws);
      stages.add(new Grown(rollout, rollout.forward(stage, first, steps, policy)));
      state = stages.get(k).history().last();
    }
    return new DoublingTrace(stages);
  }

  /** Every cell of the 2 x 2 grid is z. */
  @Override
  public Operand<TFloat32> seeds(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> cell = tf.expandDims(tf.expandDims(z, tf.constant(1)), tf.constant(1));
    return tf.tile(cell, tf.constant(new int[] {1, SEED_SIDE, SEED_SIDE, 1}));
  }

  /** A stage that was grown. */
  private record Grown(Rollout rollout, Rollout.History history) {}

  private final class DoublingTrace implements CellularTrace {
    private final List<Grown> grown;

    DoublingTrace(List<Grown> grown) {
      this.grown = Collections.unmodifiableList(grown);
    }

    @Override
    public Operand<TFloat32> last() {
      return grown.get(spec.doublings()).history().last();
    }

    @Override
    public Layer.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      List<Gradients> sums = new ArrayList<>();
      for (int n = 0; n < nets.size(); n++) {
        sums.add(grown.get(n).rollout().zeroGradients(tf));
      }
      Operand<TFloat32> dState = dLast;
      for (int k = spec.doublings(); k >= 0; k--) {
        Ops stage = tf.withSubScope("stage" + k);
        Grown one = grown.get(k);
        Layer.Backward back =
            one.rollout().backward(stage, one.history(), dState, sums.get(net(k)));
        sums.set(net(k), back.dWeights());
        dState = k > 0 ? Doubling.backward(stage, back.dx()) : back.dx();
      }
      Gradients all = Gradients.NONE;
      for (Gradients sum : sums) {
        all = all.plus(tf, sum);
      }
      return new Layer.Backward(tf.reduceSum(dState, tf.constant(new int[] {1, 2})), all);
    }

    @Override
    public List<Operand<TFloat32>> stages(Ops tf) {
      List<Operand<TFloat32>> stages = new ArrayList<>();
      grown.forEach(stage -> stages.add(stage.history().all(tf)));
      return stages;
    }
  }
}
