package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
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
  private final ConvolutionAlgorithm algorithm;
  private final List<Parameter> parameters = new ArrayList<>();

  /** One for all stages, or one for each. */
  private final List<Rollout> rollouts = new ArrayList<>();

  DoublingDecoder(DecoderSpec.Doubling spec, int latent, Parameters parameters, CellUpdate cells) {
    this.spec = spec;
    this.algorithm = ConvolutionAlgorithm.DIRECT;
    if (!spec.netPerScale()) {
      addNet("decoder", latent, parameters, cells);
    }
    for (int k = 0; k <= spec.doublings() && spec.netPerScale(); k++) {
      addNet("decoder/scale" + k, latent, parameters, cells);
    }
  }

  private DoublingDecoder(
      DoublingDecoder decoder, UnaryOperator<Convolution> change, ConvolutionAlgorithm algorithm) {
    this.spec = decoder.spec;
    this.algorithm = algorithm;
    parameters.addAll(decoder.parameters);
    decoder.rollouts.forEach(rollout -> rollouts.add(rollout.mapped(change)));
  }

  private void addNet(String name, int latent, Parameters all, CellUpdate cells) {
    UpdateNet net = UpdateNet.of(spec.update(), name, latent);
    List<Parameter> added = net.addTo(all);
    List<Operand<TFloat32>> weights = new ArrayList<>();
    added.forEach(parameter -> weights.add(parameter.value()));
    parameters.addAll(added);
    rollouts.add(new Rollout(net, weights, cells));
  }

  private Rollout rollout(int stage) {
    int side = SEED_SIDE << stage;
    Rollout rollout = rollouts.get(net(stage));
    return algorithm == ConvolutionAlgorithm.WINOGRAD
        ? rollout.mapped(convolution -> convolution.onGrid(side))
        : rollout;
  }

  private int net(int stage) {
    return spec.netPerScale() ? stage : 0;
  }

  @Override
  public Decoder withPrecision(Precision precision) {
    return new DoublingDecoder(
        this, convolution -> convolution.withPrecision(precision), algorithm);
  }

  @Override
  public Decoder withAlgorithm(ConvolutionAlgorithm other) {
    return new DoublingDecoder(this, UnaryOperator.identity(), other);
  }

  @Override
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
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
      state = rollout(k).run(stage, k == 0 ? state : Doubling.forward(stage, state), steps);
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
    return rollout(stage).run(tf, first, tf.constant(spec.steps()));
  }

  /** All cells take part in every step, so the time makes no difference. */
  @Override
  public Operand<TFloat32> advance(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return rollout(spec.doublings()).run(tf, states, steps);
  }

  @Override
  public Operand<TFloat32> advanceWatched(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return rollout(spec.doublings()).forward(tf, states, steps, MemoryPolicy.RECOMPUTE).all(tf);
  }

  @Override
  public CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    Operand<TInt32> steps = tf.constant(spec.steps());
    List<Rollout.History> histories = new ArrayList<>();
    Operand<TFloat32> state = seeds(tf, z);
    for (int k = 0; k <= spec.doublings(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      Operand<TFloat32> first = k == 0 ? state : Doubling.forward(stage, state);
      histories.add(rollout(k).forward(stage, first, steps, policy));
      state = histories.get(k).last();
    }
    return new DoublingTrace(histories);
  }

  /** Every cell of the 2 x 2 grid is z. */
  @Override
  public Operand<TFloat32> seeds(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> cell = tf.expandDims(tf.expandDims(z, tf.constant(1)), tf.constant(1));
    return tf.tile(cell, tf.constant(new int[] {1, SEED_SIDE, SEED_SIDE, 1}));
  }

  private final class DoublingTrace implements CellularTrace {
    private final List<Rollout.History> histories;

    DoublingTrace(List<Rollout.History> histories) {
      this.histories = Collections.unmodifiableList(histories);
    }

    @Override
    public Operand<TFloat32> last() {
      return histories.get(spec.doublings()).last();
    }

    @Override
    public UpdateNet.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      List<List<Operand<TFloat32>>> sums = new ArrayList<>();
      rollouts.forEach(rollout -> sums.add(rollout.zeroGradients(tf)));
      Operand<TFloat32> dState = dLast;
      for (int k = spec.doublings(); k >= 0; k--) {
        Ops stage = tf.withSubScope("stage" + k);
        UpdateNet.Backward back =
            rollout(k).backward(stage, histories.get(k), dState, sums.get(net(k)));
        sums.set(net(k), back.dWeights());
        dState = k > 0 ? Doubling.backward(stage, back.dz()) : back.dz();
      }
      return new UpdateNet.Backward(
          tf.reduceSum(dState, tf.constant(new int[] {1, 2})),
          sums.stream().flatMap(List::stream).toList());
    }

    @Override
    public List<Operand<TFloat32>> stages(Ops tf) {
      List<Operand<TFloat32>> stages = new ArrayList<>();
      histories.forEach(history -> stages.add(history.all(tf)));
      return stages;
    }
  }
}
