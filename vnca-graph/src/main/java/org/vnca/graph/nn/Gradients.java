package org.vnca.graph.nn;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Gradients of parameters, float32, found by the parameters' names. */
public final class Gradients {
  /** Of layers without parameters. */
  public static final Gradients NONE = new Gradients(Map.of());

  private final Map<String, Operand<TFloat32>> byName;

  private Gradients(Map<String, Operand<TFloat32>> byName) {
    this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /** One gradient. */
  public static Gradients of(String name, Operand<TFloat32> gradient) {
    return new Gradients(Map.of(name, gradient));
  }

  /** Zeros of the shapes of parameters, to add gradients to. */
  public static Gradients zeros(Ops tf, List<ParameterSpec> parameters, Weights values) {
    Map<String, Operand<TFloat32>> zeros = new LinkedHashMap<>();
    parameters.forEach(p -> zeros.put(p.name(), tf.zerosLike(values.value(p.name()))));
    return new Gradients(zeros);
  }

  /**
   * The gradient of a parameter.
   *
   * @throws IllegalStateException if there is none: a parameter that is trained must have one
   */
  public Operand<TFloat32> get(String parameter) {
    Operand<TFloat32> found = byName.get(parameter);
    if (found == null) {
      throw new IllegalStateException("no gradient reaches the parameter " + parameter);
    }
    return found;
  }

  /**
   * Those of some parameters, in their order.
   *
   * @throws IllegalStateException if a parameter has none
   */
  public List<Operand<TFloat32>> of(Collection<Parameter> parameters) {
    return parameters.stream().map(parameter -> get(parameter.name())).toList();
  }

  /** These and others, added up where both have one. */
  public Gradients plus(Ops tf, Gradients others) {
    Map<String, Operand<TFloat32>> sums = new LinkedHashMap<>(byName);
    others.byName.forEach(
        (name, more) -> sums.merge(name, more, (before, after) -> tf.math.add(before, after)));
    return new Gradients(sums);
  }

  /** The operands in their order. */
  public List<Operand<TFloat32>> operands() {
    return List.copyOf(byName.values());
  }
}
