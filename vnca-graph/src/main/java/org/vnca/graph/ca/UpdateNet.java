package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;

/**
 * The update net u of a cellular automaton: what is added to each cell's state in one step (paper,
 * eq. 1). Its weights are passed in, because it is built inside loop bodies too.
 */
public interface UpdateNet {

  /** Makes the net for cells of {@code channels} values; its parameters begin with {@code name}. */
  static UpdateNet of(UpdateSpec spec, String name, int channels) {
    return UpdateRules.all().of((Record) spec).make(spec, name, channels);
  }

  /** Adds the parameters, in the order in which every {@code weights} below expects them. */
  List<Parameter> addTo(Parameters parameters);

  /** The same net with the same parameters, each of its convolutions changed. */
  UpdateNet mapped(UnaryOperator<Convolution> change);

  /** Its convolutions, in the order of their parameters, which come before all others. */
  List<Convolution> convolutions();

  /** In which its convolutions multiply. */
  default Precision precision() {
    return convolutions().get(0).precision();
  }

  /**
   * The parameters as {@link #forward} and {@link #backward} read them; see {@link
   * Convolution#prepared}.
   *
   * @param weights the values of the parameters
   */
  default List<Operand<?>> prepared(Ops tf, List<Operand<TFloat32>> weights) {
    List<Operand<?>> prepared = new ArrayList<>();
    for (Convolution convolution : convolutions()) {
      int first = prepared.size();
      prepared.addAll(
          convolution.prepared(tf, weights.subList(first, first + convolution.parameterCount())));
    }
    prepared.addAll(weights.subList(prepared.size(), weights.size()));
    return prepared;
  }

  /** The type of each tensor of {@link Forward#saved()}. */
  List<Class<? extends TNumber>> savedTypes();

  /**
   * Applies the net once.
   *
   * @param z cell states {@code [B, H, W, C]}
   * @param weights {@link #prepared}
   */
  Forward forward(Ops tf, Operand<TFloat32> z, List<? extends Operand<?>> weights);

  /**
   * The gradient of one application, from what the forward pass saved.
   *
   * @param saved as {@link Forward#saved()}
   * @param weights as in {@link #forward}
   * @param dUpdate the gradient of the update, {@code [B, H, W, C]}
   */
  Backward backward(
      Ops tf,
      List<Operand<?>> saved,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dUpdate);

  /**
   * One application.
   *
   * @param update u(z), {@code [B, H, W, C]}
   * @param saved from which {@link UpdateNet#backward} needs no forward convolution: the states as
   *     {@link Convolution#read} gives them, and activations; those that only convolutions read are
   *     rounded to the precision
   */
  record Forward(Operand<TFloat32> update, List<Operand<?>> saved) {}

  /**
   * Gradients of one application.
   *
   * @param dz of the states that it was applied to, {@code [B, H, W, C]}
   * @param dWeights of the parameters, in their order
   */
  record Backward(Operand<TFloat32> dz, List<Operand<TFloat32>> dWeights) {}
}
