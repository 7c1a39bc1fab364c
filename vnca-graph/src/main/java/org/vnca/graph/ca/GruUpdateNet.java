package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.LayerGradient;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Rounding;
import org.vnca.graph.spec.UpdateSpec;

/**
 * A gated recurrent unit on the neighbourhood ({@link UpdateSpec.Gru}): u = w (c - z). The three
 * convolutions of h are one. Saved are z as the first convolution reads it, h, w, r, c and z
 * itself; of the last five, h alone is read by convolutions only.
 */
final class GruUpdateNet implements UpdateNet {
  /** Subtracted inside the gate w, so that a cell keeps most of its state at first. */
  private static final float KEEP = 3;

  private final Convolution perceive;
  private final Convolution gates;
  private final Convolution reset;

  GruUpdateNet(UpdateSpec.Gru spec, String name, int channels) {
    perceive = Convolution.same(name + "/perceive", 3, channels, spec.hidden()).withElu();
    gates = Convolution.same(name + "/gates", 1, spec.hidden(), 3 * channels);
    reset = Convolution.same(name + "/reset", 1, channels, channels).withoutBias();
  }

  private GruUpdateNet(GruUpdateNet net, UnaryOperator<Convolution> change) {
    perceive = change.apply(net.perceive);
    gates = change.apply(net.gates);
    reset = change.apply(net.reset);
  }

  @Override
  public List<Parameter> addTo(Parameters parameters) {
    List<Parameter> added = new ArrayList<>(perceive.addTo(parameters));
    added.addAll(gates.addTo(parameters));
    added.addAll(reset.addTo(parameters));
    return List.copyOf(added);
  }

  @Override
  public UpdateNet mapped(UnaryOperator<Convolution> change) {
    return new GruUpdateNet(this, change);
  }

  @Override
  public List<Convolution> convolutions() {
    return List.of(perceive, gates, reset);
  }

  @Override
  public List<Class<? extends TNumber>> savedTypes() {
    return List.of(
        perceive.readType(),
        Rounding.type(precision()),
        TFloat32.class,
        TFloat32.class,
        TFloat32.class,
        TFloat32.class);
  }

  @Override
  public Forward forward(Ops tf, Operand<TFloat32> z, List<? extends Operand<?>> weights) {
    Operand<?> seen = perceive.read(tf, z);
    Operand<TFloat32> activation = perceive.forwardOf(tf, seen, weights.subList(0, 2));
    Operand<?> h = Rounding.operand(tf, activation, precision());
    List<Output<TFloat32>> ofH =
        tf.split(tf.constant(-1), gates.forward(tf, h, weights.subList(2, 4)), 3L).output();
    Operand<TFloat32> w = tf.math.sigmoid(tf.math.sub(ofH.get(0), tf.constant(KEEP)));
    Operand<TFloat32> r = tf.math.sigmoid(ofH.get(1));
    Operand<TFloat32> kept = reset.forward(tf, tf.math.mul(r, z), weights.subList(4, 5));
    Operand<TFloat32> c = tf.math.add(ofH.get(2), kept);
    return new Forward(tf.math.mul(w, tf.math.sub(c, z)), List.of(seen, h, w, r, c, z));
  }

  @Override
  public Backward backward(
      Ops tf,
      List<Operand<?>> saved,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dUpdate) {
    Operand<?> h = saved.get(1);
    Operand<TFloat32> w = Loop.typed(saved.get(2));
    Operand<TFloat32> r = Loop.typed(saved.get(3));
    Operand<TFloat32> c = Loop.typed(saved.get(4));
    Operand<TFloat32> z = Loop.typed(saved.get(5));
    Operand<TFloat32> dc = tf.math.mul(dUpdate, w);
    LayerGradient ofReset =
        reset.backward(tf, tf.math.mul(r, z), null, weights.subList(4, 5), dc, true);
    Operand<TFloat32> dw =
        tf.math.mul(tf.math.mul(dUpdate, tf.math.sub(c, z)), Sigmoids.slope(tf, w));
    Operand<TFloat32> dr = tf.math.mul(tf.math.mul(ofReset.dx(), z), Sigmoids.slope(tf, r));
    LayerGradient ofGates =
        gates.backward(
            tf,
            h,
            null,
            weights.subList(2, 4),
            tf.concat(List.of(dw, dr, dc), tf.constant(-1)),
            true);
    LayerGradient first =
        perceive.backwardOf(tf, saved.get(0), h, weights.subList(0, 2), ofGates.dx(), true);
    Operand<TFloat32> direct = tf.math.sub(tf.math.mul(ofReset.dx(), r), dc);
    List<Operand<TFloat32>> dWeights = new ArrayList<>(first.dWeights());
    dWeights.addAll(ofGates.dWeights());
    dWeights.addAll(ofReset.dWeights());
    return new Backward(tf.math.add(first.dx(), direct), dWeights);
  }
}
