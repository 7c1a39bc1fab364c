package org.vnca.graph.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.ParameterSpec;

/**
 * Gradients that a loop adds up: those of small parameters one behind another in a vector, those of
 * large ones by themselves. A loop takes four operations in each iteration for every variable that
 * it adds to, which is more than the sum of a bias is worth; to copy a large kernel's gradient
 * takes longer than they do.
 */
final class GradientSums {
  /** Numbers of the largest parameter that goes into the vector: 64 KiB of them. */
  private static final long LARGEST = 1 << 14;

  private final List<ParameterSpec> large;
  private final List<ParameterSpec> small;
  private final List<ParameterSpec> all;
  private final List<Loop.Variable<TFloat32>> sums = new ArrayList<>();

  /**
   * Adds gradients up.
   *
   * @param parameters whose gradients there are
   * @param first to which those of all iterations are added
   * @param more of an iteration
   */
  GradientSums(Loop loop, List<ParameterSpec> parameters, Gradients first, Gradients more) {
    this.all = parameters;
    this.large = parameters.stream().filter(p -> p.shape().size() > LARGEST).toList();
    this.small = parameters.stream().filter(p -> p.shape().size() <= LARGEST).toList();
    Ops tf = loop.tf();
    List<Operand<TFloat32>> before = parts(tf, first);
    List<Operand<TFloat32>> added = parts(tf, more);
    for (int i = 0; i < before.size(); i++) {
      Loop.Variable<TFloat32> sum = loop.variable(before.get(i));
      sum.next(tf.math.add(sum.now(), added.get(i)));
      sums.add(sum);
    }
  }

  /** Each large gradient, then the vector of the small ones, if there are any. */
  private List<Operand<TFloat32>> parts(Ops tf, Gradients gradients) {
    List<Operand<TFloat32>> parts = new ArrayList<>();
    large.forEach(parameter -> parts.add(gradients.get(parameter.name())));
    List<Operand<TFloat32>> flat = new ArrayList<>();
    for (ParameterSpec parameter : small) {
      Operand<TFloat32> gradient = gradients.get(parameter.name());
      boolean isFlat = parameter.shape().numDimensions() == 1;
      flat.add(isFlat ? gradient : tf.reshape(gradient, tf.constant(new int[] {-1})));
    }
    if (!flat.isEmpty()) {
      parts.add(flat.size() == 1 ? flat.get(0) : tf.concat(flat, tf.constant(0)));
    }
    return parts;
  }

  /** The sums after the last iteration. */
  Gradients last(Ops tf) {
    Map<String, Operand<TFloat32>> last = new HashMap<>();
    for (int i = 0; i < large.size(); i++) {
      last.put(large.get(i).name(), sums.get(i).last());
    }
    List<Operand<TFloat32>> flat = small.isEmpty() ? List.of() : taken(tf);
    for (int i = 0; i < small.size(); i++) {
      ParameterSpec parameter = small.get(i);
      last.put(parameter.name(), tf.reshape(flat.get(i), tf.constant(parameter.shape().asArray())));
    }
    Gradients gradients = Gradients.NONE;
    for (ParameterSpec parameter : all) {
      gradients = gradients.plus(tf, Gradients.of(parameter.name(), last.get(parameter.name())));
    }
    return gradients;
  }

  private List<Operand<TFloat32>> taken(Ops tf) {
    Operand<TFloat32> vector = sums.get(sums.size() - 1).last();
    if (small.size() == 1) {
      return List.of(vector);
    }
    long[] sizes = small.stream().mapToLong(parameter -> parameter.shape().size()).toArray();
    return List.copyOf(
        tf.splitV(vector, tf.constant(sizes), tf.constant(0), (long) sizes.length).output());
  }
}
