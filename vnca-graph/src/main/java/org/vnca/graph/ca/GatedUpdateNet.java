package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Initial;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;

/**
 * sigmoid(b) u(z), b being one learned number (paper, A.8). Its parameter comes last, and so does
 * what it saves: u(z).
 */
final class GatedUpdateNet implements UpdateNet {
  private final UpdateNet net;
  private final String name;

  GatedUpdateNet(UpdateNet net, String name) {
    this.net = net;
    this.name = name;
  }

  @Override
  public List<Parameter> addTo(Parameters parameters) {
    List<Parameter> added = new ArrayList<>(net.addTo(parameters));
    added.add(parameters.add(name + "/gate", Shape.scalar(), new Initial.Zero()));
    return List.copyOf(added);
  }

  @Override
  public UpdateNet mapped(UnaryOperator<Convolution> change) {
    return new GatedUpdateNet(net.mapped(change), name);
  }

  @Override
  public List<Convolution> convolutions() {
    return net.convolutions();
  }

  @Override
  public List<Class<? extends TNumber>> savedTypes() {
    List<Class<? extends TNumber>> types = new ArrayList<>(net.savedTypes());
    types.add(TFloat32.class);
    return types;
  }

  @Override
  public Forward forward(Ops tf, Operand<TFloat32> z, List<? extends Operand<?>> weights) {
    Forward inner = net.forward(tf, z, front(weights));
    List<Operand<?>> saved = new ArrayList<>(inner.saved());
    saved.add(inner.update());
    return new Forward(tf.math.mul(gate(tf, weights), inner.update()), saved);
  }

  @Override
  public Backward backward(
      Ops tf,
      List<Operand<?>> saved,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dUpdate) {
    Operand<TFloat32> gate = gate(tf, weights);
    Operand<TFloat32> update = Loop.typed(saved.get(saved.size() - 1));
    Backward inner = net.backward(tf, front(saved), front(weights), tf.math.mul(gate, dUpdate));
    Operand<TInt32> axes = tf.constant(new int[] {0, 1, 2, 3});
    Operand<TFloat32> dGate = tf.reduceSum(tf.math.mul(update, dUpdate), axes);
    List<Operand<TFloat32>> dWeights = new ArrayList<>(inner.dWeights());
    dWeights.add(tf.math.mul(dGate, Sigmoids.slope(tf, gate)));
    return new Backward(inner.dz(), dWeights);
  }

  private static Operand<TFloat32> gate(Ops tf, List<? extends Operand<?>> weights) {
    return tf.math.sigmoid(Loop.<TFloat32>typed(weights.get(weights.size() - 1)));
  }

  private static <T> List<T> front(List<T> all) {
    return all.subList(0, all.size() - 1);
  }
}
