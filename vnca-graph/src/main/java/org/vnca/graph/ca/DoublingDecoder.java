package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * The doubling VNCA: z fills a 2 x 2 grid, M steps, then K times a doubling and M steps (paper,
 * section 2.1). Each stage is a rollout; the gradient walks the stages in reverse.
 */
final class DoublingDecoder implements CellularDecoder {
  private static final int SEED_SIDE = 2;

  private final DecoderSpec.Doubling spec;
  private final List<Parameter> parameters;
  private final Rollout rollout;

  DoublingDecoder(DecoderSpec.Doubling spec, int latent, Parameters parameters, CellUpdate cells) {
    this.spec = spec;
    UpdateNet net = UpdateNet.of(spec.update(), "decoder", latent);
    this.parameters = net.addTo(parameters);
    List<Operand<TFloat32>> weights = new ArrayList<>();
    this.parameters.forEach(parameter -> weights.add(parameter.value()));
    this.rollout = new Rollout(net, weights, cells);
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z) {
    Operand<TInt32> steps = tf.constant(spec.steps());
    Operand<TFloat32> state = seed(tf, z);
    for (int k = 0; k <= spec.doublings(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      state = rollout.run(stage, k == 0 ? state : Doubling.forward(stage, state), steps);
    }
    return state;
  }

  @Override
  public CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    Operand<TInt32> steps = tf.constant(spec.steps());
    List<Rollout.History> histories = new ArrayList<>();
    Operand<TFloat32> state = seed(tf, z);
    for (int k = 0; k <= spec.doublings(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      Operand<TFloat32> first = k == 0 ? state : Doubling.forward(stage, state);
      histories.add(rollout.forward(stage, first, steps, policy));
      state = histories.get(k).last();
    }
    return new DoublingTrace(histories);
  }

  /** Every cell of the 2 x 2 grid is z. */
  private static Operand<TFloat32> seed(Ops tf, Operand<TFloat32> z) {
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
      UpdateNet.Backward back = new UpdateNet.Backward(dLast, rollout.zeroGradients(tf));
      for (int k = spec.doublings(); k >= 0; k--) {
        Ops stage = tf.withSubScope("stage" + k);
        back = rollout.backward(stage, histories.get(k), back.dz(), back.dWeights());
        if (k > 0) {
          back = new UpdateNet.Backward(Doubling.backward(stage, back.dz()), back.dWeights());
        }
      }
      Operand<TFloat32> dz = tf.reduceSum(back.dz(), tf.constant(new int[] {1, 2}));
      return new UpdateNet.Backward(dz, back.dWeights());
    }

    @Override
    public List<Operand<TFloat32>> stages(Ops tf) {
      List<Operand<TFloat32>> stages = new ArrayList<>();
      for (Rollout.History history : histories) {
        Operand<TFloat32> last = tf.expandDims(history.last(), tf.constant(0));
        stages.add(tf.concat(List.of(history.states(tf), last), tf.constant(0)));
      }
      return stages;
    }
  }
}
