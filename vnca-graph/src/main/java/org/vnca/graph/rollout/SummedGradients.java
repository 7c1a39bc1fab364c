package org.vnca.graph.rollout;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.ParameterSpec;

/**
 * In what form a loop adds gradients up: those of small parameters one behind another in a vector,
 * those of large ones by themselves. A loop takes five operations in each iteration for every
 * variable that it adds to, which is more than the sum of a bias is worth; to copy a large kernel's
 * gradient takes longer than they do.
 *
 * @param parameters whose gradients there are
 */
record SummedGradients(List<ParameterSpec> parameters) {
  /** Numbers of the largest parameter that goes into the vector: 64 KiB of them. */
  private static final long LARGEST = 1 << 14;

  /** The gradients in this form: each large one, then the vector, if there are small ones. */
  List<Operand<?>> of(Ops tf, Gradients gradients) {
    List<Operand<?>> form = new ArrayList<>();
    List<Operand<TFloat32>> vector = new ArrayList<>();
    for (ParameterSpec parameter : parameters) {
      Operand<TFloat32> gradient = gradients.get(parameter.name());
      if (!small(parameter)) {
        form.add(gradient);
      } else if (parameter.shape().numDimensions() == 1) {
        vector.add(gradient);
      } else {
        vector.add(tf.reshape(gradient, tf.constant(new int[] {-1})));
      }
    }
    if (vector.size() == 1) {
      form.add(vector.get(0));
    } else if (vector.size() > 1) {
      form.add(tf.concat(vector, tf.constant(0)));
    }
    return form;
  }

  /** The sums of two, both in this form. */
  List<Operand<?>> sum(Ops tf, List<Operand<?>> one, List<Operand<?>> other) {
    List<Operand<?>> sums = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      sums.add(tf.math.add(Loop.<TFloat32>typed(one.get(i)), Loop.typed(other.get(i))));
    }
    return sums;
  }

  /** The gradients that have this form. */
  Gradients from(Ops tf, List<Operand<?>> form) {
    List<Operand<TFloat32>> small = taken(tf, form);
    Gradients gradients = Gradients.NONE;
    int nextSmall = 0;
    int nextLarge = 0;
    for (ParameterSpec parameter : parameters) {
      Operand<TFloat32> gradient =
          small(parameter)
              ? tf.reshape(small.get(nextSmall++), tf.constant(parameter.shape().asArray()))
              : Loop.typed(form.get(nextLarge++));
      gradients = gradients.plus(tf, Gradients.of(parameter.name(), gradient));
    }
    return gradients;
  }

  private List<Operand<TFloat32>> taken(Ops tf, List<Operand<?>> form) {
    long[] sizes =
        parameters.stream()
            .filter(SummedGradients::small)
            .mapToLong(parameter -> parameter.shape().size())
            .toArray();
    if (sizes.length == 0) {
      return List.of();
    }
    Operand<TFloat32> vector = Loop.typed(form.get(form.size() - 1));
    return sizes.length == 1
        ? List.of(vector)
        : tf
            .splitV(vector, tf.constant(sizes), tf.constant(0), (long) sizes.length)
            .output()
            .stream()
            .<Operand<TFloat32>>map(part -> part)
            .toList();
  }

  private static boolean small(ParameterSpec parameter) {
    return parameter.shape().size() <= LARGEST;
  }
}
