package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Gradients that TensorFlow composes. */
public final class AutomaticGradients {
  private AutomaticGradients() {}

  /**
   * Gradients of some tensors by others.
   *
   * @param of what is differentiated; one may be made of another
   * @param by in whose order the gradients come
   * @param seeds the gradients of {@code of}
   * @throws IllegalStateException if one of {@code by} has no part in {@code of}
   */
  public static List<Operand<TFloat32>> of(
      Ops tf,
      String name,
      List<Operand<TFloat32>> of,
      List<Operand<TFloat32>> by,
      List<Operand<TFloat32>> seeds) {
    Output<?>[] found =
        ((Graph) tf.scope().env())
            .addGradients(
                tf.scope().makeOpName(name), outputs(apart(tf, of)), outputs(by), outputs(seeds));
    List<Operand<TFloat32>> gradients = new ArrayList<>();
    for (int i = 0; i < by.size(); i++) {
      if (i >= found.length || found[i] == null) {
        throw new IllegalStateException("no gradient reaches " + by.get(i).asOutput().op().name());
      }
      @SuppressWarnings("unchecked") // a gradient has its operand's type
      Output<TFloat32> gradient = (Output<TFloat32>) found[i];
      gradients.add(gradient);
    }
    return gradients;
  }

  /**
   * The same tensors, none of which is on the way from another one: TensorFlow loses what comes to
   * it from there.
   */
  private static List<Operand<TFloat32>> apart(Ops tf, List<Operand<TFloat32>> of) {
    return of.size() == 1
        ? of
        : of.stream().<Operand<TFloat32>>map(each -> tf.identity(each)).toList();
  }

  private static Output<?>[] outputs(List<Operand<TFloat32>> operands) {
    return operands.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
  }
}
