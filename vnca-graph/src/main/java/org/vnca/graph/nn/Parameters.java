package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** The variables of a graph in the order of their making, each under a name of its own. */
public final class Parameters {
  private final Ops tf;
  private final long seed;
  private final Map<String, Parameter> byName = new LinkedHashMap<>();

  /**
   * @param tf the graph that holds the variables
   * @param seed the experiment's seed, from which every first value follows
   */
  public Parameters(Ops tf, long seed) {
    this.tf = tf;
    this.seed = seed;
  }

  /**
   * Adds a variable.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Parameter add(String name, Shape shape, Initial initial) {
    Ops scope = tf.withSubScope(name.replace('/', '_'));
    Operand<?> handle =
        scope.withName("handle").varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    @SuppressWarnings("unchecked") // a resource handle has no Java type of its own
    Operand<? extends org.tensorflow.types.family.TType> resource =
        (Operand<? extends org.tensorflow.types.family.TType>) handle;
    Parameter parameter =
        new Parameter(
            name,
            shape,
            resource,
            scope.withName("value").readVariableOp(resource, TFloat32.class),
            initial.value(scope, shape, seed, name));
    if (byName.putIfAbsent(name, parameter) != null) {
      throw new IllegalArgumentException("two parameters are called " + name);
    }
    return parameter;
  }

  /** The experiment's seed. */
  public long seed() {
    return seed;
  }

  /** All of them, in the order of their making. */
  public List<Parameter> all() {
    return Collections.unmodifiableList(new ArrayList<>(byName.values()));
  }

  /** How many numbers they hold together. */
  public long count() {
    return byName.values().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** An operation that gives every one its first value. */
  public Op initialize() {
    List<Op> assignments = new ArrayList<>();
    for (Parameter parameter : byName.values()) {
      assignments.add(tf.assignVariableOp(parameter.handle(), parameter.initial()));
    }
    return tf.withControlDependencies(assignments).noOp();
  }
}
