package org.vnca.graph.nn;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What layers compute with: an operand for each parameter, found by the parameter's name. They are
 * the parameters' values, or what {@link Layer#prepared} made of them.
 */
public final class Weights {
  /** Of layers without parameters, and of those that are only described. */
  public static final Weights NONE = new Weights(Map.of());

  private final Map<String, Operand<?>> byName;

  private Weights(Map<String, Operand<?>> byName) {
    this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /** The values of parameters. */
  public static Weights of(Collection<Parameter> parameters) {
    Map<String, Operand<?>> values = new LinkedHashMap<>();
    parameters.forEach(parameter -> values.put(parameter.name(), parameter.value()));
    return new Weights(values);
  }

  /** One weight. */
  static Weights of(String name, Operand<?> operand) {
    return new Weights(Map.of(name, operand));
  }

  /**
   * The weight of a parameter.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Operand<?> get(String name) {
    Operand<?> found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no weight is called " + name + "; there are " + byName.keySet());
    }
    return found;
  }

  /** As {@link #get}, of a parameter that no layer prepares. */
  public Operand<TFloat32> value(String name) {
    return Loop.typed(get(name));
  }

  /** Those of some parameters, in the order of the parameters. */
  public Weights only(List<ParameterSpec> parameters) {
    Map<String, Operand<?>> some = new LinkedHashMap<>();
    parameters.forEach(parameter -> some.put(parameter.name(), get(parameter.name())));
    return new Weights(some);
  }

  /** These and others. */
  public Weights and(Weights others) {
    Map<String, Operand<?>> all = new LinkedHashMap<>(byName);
    all.putAll(others.byName);
    return new Weights(all);
  }
}
