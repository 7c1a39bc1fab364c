package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Part;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Precision;

/**
 * The non-doubling VNCA: every cell of the image's grid starts as z, then T steps of one net
 * (paper, section 3.3).
 *
 * <p>A training step draws T for the whole batch, and, where the probability of an update is below
 * 1, the cells of every image and step. Otherwise T is the setting's and the images of a batch
 * share the masks, so that a result does not depend on the batch.
 */
public final class NonDoublingDecoder implements CellularDecoder {
  /** Masks outside of training are those of a step that training never takes. */
  private static final long MEASURING = -1;

  private final DecoderSpec.NonDoubling spec;
  private final long seed;
  private final int side;
  private final ConvolutionAlgorithm algorithm;

  /** The net as it is on a grid of any size. */
  private final UpdateNet anywhere;

  private final UpdateNet net;
  private final List<Parameter> parameters;
  private final List<Operand<TFloat32>> weights = new ArrayList<>();

  NonDoublingDecoder(DecoderSpec.NonDoubling spec, int latent, int side, Parameters parameters) {
    this.spec = spec;
    this.side = side;
    this.seed = parameters.seed();
    this.algorithm = ConvolutionAlgorithm.DIRECT;
    this.anywhere = UpdateNet.of(spec.update(), "decoder", latent);
    this.net = anywhere;
    this.parameters = List.copyOf(net.addTo(parameters));
    this.parameters.forEach(parameter -> weights.add(parameter.value()));
  }

  private NonDoublingDecoder(
      NonDoublingDecoder decoder,
      UnaryOperator<Convolution> change,
      ConvolutionAlgorithm algorithm) {
    this.algorithm = algorithm;
    spec = decoder.spec;
    seed = decoder.seed;
    side = decoder.side;
    anywhere = decoder.anywhere.mapped(change);
    net =
        algorithm == ConvolutionAlgorithm.WINOGRAD
            ? anywhere.mapped(convolution -> convolution.onGrid(side))
            : anywhere;
    parameters = decoder.parameters;
    weights.addAll(decoder.weights);
  }

  @Override
  public NonDoublingDecoder withPrecision(Precision precision) {
    return new NonDoublingDecoder(
        this, convolution -> convolution.withPrecision(precision), algorithm);
  }

  @Override
  public NonDoublingDecoder withAlgorithm(ConvolutionAlgorithm other) {
    return new NonDoublingDecoder(this, UnaryOperator.identity(), other);
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

  /**
   * The gradient of z from that of its seeds.
   *
   * @param dSeeds {@code [B, H, W, Z]}
   * @return {@code [B, Z]}
   */
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
    return new Rollout(net, weights, measured(tf)).run(tf, states, evaluationSteps(tf));
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
    return new Rollout(net, weights, new LaterCells(measured(tf), time));
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps) {
    return new Rollout(net, weights, measured(tf)).run(tf, seeds(tf, z), steps);
  }

  @Override
  public CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    return new SeedTrace(grow(tf, seeds(tf, z), evaluationSteps(tf), policy, measured(tf)));
  }

  @Override
  public CellularTrace train(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    return new SeedTrace(grow(tf, seeds(tf, z), steps(tf, draw), policy, cells(draw)));
  }

  /**
   * T of a training step, drawn from the setting's range, both ends included.
   *
   * @return scalar int32
   */
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

  /**
   * The cells that take part in the steps of a training step, whatever states it grows; see {@link
   * #grow}.
   */
  public CellUpdate cells(Draw draw) {
    return cells(draw.seed(), draw.step(), Optional.of(draw.part()));
  }

  /**
   * Grows any states, and keeps what the gradient needs.
   *
   * @param states {@code [B, H, W, Z]}
   * @param steps T, scalar int32
   * @param cells which cells each step updates
   */
  public GridTrace grow(
      Ops tf,
      Operand<TFloat32> states,
      Operand<TInt32> steps,
      MemoryPolicy policy,
      CellUpdate cells) {
    Rollout rollout = new Rollout(net, weights, cells);
    return new GridTrace(rollout, rollout.forward(tf, states, steps, policy));
  }

  private Operand<TInt32> evaluationSteps(Ops tf) {
    return tf.constant(spec.steps().evaluation());
  }

  /** The cells that take part outside of training. */
  private CellUpdate measured(Ops tf) {
    return cells(seed, tf.constant(MEASURING), Optional.empty());
  }

  private CellUpdate cells(long masks, Operand<TInt64> key, Optional<Part> part) {
    return spec.updateProbability() == 1
        ? CellUpdate.ALL
        : new RandomCells(spec.updateProbability(), masks, key, part);
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
    public UpdateNet.Backward backward(Ops tf, Operand<TFloat32> dLast) {
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
    public UpdateNet.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      UpdateNet.Backward back = grid.backward(tf, dLast);
      return new UpdateNet.Backward(seedsBackward(tf, back.dz()), back.dWeights());
    }

    @Override
    public List<Operand<TFloat32>> stages(Ops tf) {
      return List.of(grid.history.all(tf));
    }
  }
}
