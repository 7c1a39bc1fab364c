package org.vnca.graph.decoder;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Stream;
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
 * The non-doubling VNCA: every cell of the image's grid starts as z, then T steps of one net
 * (paper, section 3.3).
 *
 * <p>A training step draws T for the whole batch, and, where the rule is random, the numbers of
 * every image and step. Otherwise T is the setting's and the images of a batch share the numbers,
 * so that a result does not depend on the batch.
 */
public final class NonDoublingDecoder implements CellularDecoder, PoolDecoder {
  private final DecoderSpec.NonDoubling spec;
  private final int latent;
  private final int side;
  private final long seed;
  private final ConvolutionAlgorithm algorithm;
  private final Rule rule;

  /** The rule's net in the precision in which it is computed, on a grid of any size. */
  private final Layer net;

  private final List<Parameter> parameters;
  private final Weights weights;

  NonDoublingDecoder(DecoderSpec.NonDoubling spec, int latent, int side, Parameters parameters) {
    this.spec = spec;
    this.latent = latent;
    this.side = side;
    this.seed = parameters.seed();
    this.algorithm = ConvolutionAlgorithm.DIRECT;
    this.rule = rule(spec, latent);
    this.net = rule.net();
    this.parameters = parameters.add(net.parameters());
    this.weights = Weights.of(this.parameters);
  }

  private NonDoublingDecoder(
      NonDoublingDecoder decoder, Layer net, ConvolutionAlgorithm algorithm) {
    this.spec = decoder.spec;
    this.latent = decoder.latent;
    this.side = decoder.side;
    this.seed = decoder.seed;
    this.algorithm = algorithm;
    this.rule = decoder.rule;
    this.net = net;
    this.parameters = decoder.parameters;
    this.weights = decoder.weights;
  }

  private static Rule rule(DecoderSpec.NonDoubling spec, int latent) {
    return Rule.of(spec.update(), "decoder", latent);
  }

  /** Floating-point operations of decoding one latent vector. */
  static long flops(DecoderSpec.NonDoubling spec, int latent, int side) {
    return spec.decodingSteps() * rule(spec, latent).net().flops(MapShape.square(side, latent));
  }

  private Rollout rollout(Apply apply) {
    return new Rollout(
        algorithm == ConvolutionAlgorithm.WINOGRAD ? net.onGrid(side) : net, weights, apply);
  }

  private Apply apply(StepDraws draws) {
    return rule.apply(latent, spec.updateProbability(), spec.noise(), draws);
  }

  /**
   * How the updates of a training step are applied, whatever states it grows; see {@link #grow}.
   */
  public Apply apply(Draw draw) {
    return apply(StepDraws.training(draw.seed(), draw.step(), draw.part()));
  }

  /** Outside of training. */
  private StepDraws measuring(Ops tf) {
    return StepDraws.measuring(tf, seed);
  }

  @Override
  public DecoderDescription description(Ops tf) {
    return new DecoderDescription(
        List.of(new DecoderDescription.Stage(side, false, spec.steps().evaluation(), 0)),
        List.of(
            new DecoderDescription.Rule(
                rule.net().description(), apply(measuring(tf)).description())));
  }

  @Override
  public NonDoublingDecoder withPrecision(Precision precision) {
    return new NonDoublingDecoder(this, net.withPrecision(precision), algorithm);
  }

  @Override
  public NonDoublingDecoder withAlgorithm(ConvolutionAlgorithm other) {
    return new NonDoublingDecoder(this, net, other);
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  /**
   * The first states: z in every cell.
   *
   * @param z {@code [B, Z]}
   * @return {@code [B, H, W, Z]}
   */
  @Override
  public Operand<TFloat32> seeds(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> cell = tf.expandDims(tf.expandDims(z, tf.constant(1)), tf.constant(1));
    return tf.tile(cell, tf.constant(new int[] {1, side, side, 1}));
  }

  @Override
  public Operand<TFloat32> seedsBackward(Ops tf, Operand<TFloat32> dSeeds) {
    return tf.reduceSum(dSeeds, tf.constant(new int[] {1, 2}));
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z) {
    return stage(tf, seeds(tf, z), 0);
  }

  @Override
  public int stages() {
    return 1;
  }

  @Override
  public Operand<TFloat32> stage(Ops tf, Operand<TFloat32> states, int stage) {
    return rollout(apply(measuring(tf))).run(tf, states, evaluationSteps(tf));
  }

  @Override
  public Operand<TFloat32> advance(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return later(tf, time).run(tf, states, steps);
  }

  @Override
  public Operand<TFloat32> advanceWatched(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return later(tf, time).forward(tf, states, steps, MemoryPolicy.RECOMPUTE).all(tf);
  }

  private Rollout later(Ops tf, Operand<TInt32> time) {
    return rollout(apply(measuring(tf).after(time)));
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps) {
    return rollout(apply(measuring(tf))).run(tf, seeds(tf, z), steps);
  }

  @Override
  public CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    return new SeedTrace(grow(tf, seeds(tf, z), evaluationSteps(tf), policy, apply(measuring(tf))));
  }

  @Override
  public CellularTrace train(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    return new SeedTrace(grow(tf, seeds(tf, z), steps(tf, draw), policy, apply(draw)));
  }

  /** Drawn from the setting's range, both ends included. */
  @Override
  public Operand<TInt32> steps(Ops tf, Draw draw) {
    int min = spec.steps().min();
    int values = spec.steps().max() - min + 1;
    Operand<TFloat32> drawn =
        Stream.ROLLOUT_STEPS.uniform(tf, tf.constant(new int[0]), draw.seed(), draw.step());
    Operand<TInt32> above =
        tf.dtypes.cast(tf.math.mul(drawn, tf.constant((float) values)), TInt32.class);
    // A product that is rounded up could reach the number of values itself.
    Operand<TInt32> within = tf.math.minimum(above, tf.constant(values - 1));
    return tf.math.add(tf.constant(min), within);
  }

  @Override
  public GridTrace grow(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, MemoryPolicy policy, Draw draw) {
    return grow(tf, states, steps, policy, apply(draw));
  }

  /**
   * Grows any states, and keeps what the gradient needs.
   *
   * @param states {@code [B, H, W, Z]}
   * @param steps T, scalar int32
   * @param apply how updates are applied
   */
  public GridTrace grow(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, MemoryPolicy policy, Apply apply) {
    Rollout rollout = rollout(apply);
    return new GridTrace(rollout, rollout.forward(tf, states, steps, policy));
  }

  private Operand<TInt32> evaluationSteps(Ops tf) {
    return tf.constant(spec.steps().evaluation());
  }

  /** A rollout of states that came from anywhere. */
  public static final class GridTrace implements Trace {
    private final Rollout rollout;
    private final Rollout.History history;

    private GridTrace(Rollout rollout, Rollout.History history) {
      this.rollout = rollout;
      this.history = history;
    }

    @Override
    public Operand<TFloat32> last() {
      return history.last();
    }

    /** In place of a latent vector's gradient, that of the first states, {@code [B, H, W, Z]}. */
    @Override
    public Layer.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      return rollout.backward(tf, history, dLast, rollout.zeroGradients(tf));
    }
  }

  /** A rollout of the seeds of latent vectors. */
  private final class SeedTrace implements CellularTrace {
    private final GridTrace grid;

    SeedTrace(GridTrace grid) {
      this.grid = grid;
    }

    @Override
    public Operand<TFloat32> last() {
      return grid.last();
    }

    @Override
    public Layer.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      Layer.Backward back = grid.backward(tf, dLast);
      return new Layer.Backward(seedsBackward(tf, back.dx()), back.dWeights());
    }

    @Override
    public List<Operand<TFloat32>> stages(Ops tf) {
      return List.of(grid.history.all(tf));
    }
  }
}
