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
import org.tensorflow.types.family.TType;

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
    return add(name, shape, initial, new Parameter.Slice(name, shape, 0));
  }

  /**
   * Adds what a layer asks for, in its order.
   *
   * @throws IllegalArgumentException if a name is taken
   */
  public List<Parameter> add(List<ParameterSpec> asked) {
    return asked.stream().map(p -> add(p.name(), p.shape(), p.initial())).toList();
  }

  private Parameter add(String name, Shape shape, Initial initial, Parameter.Slice saved) {
    return add(name, shape, initial.value(tf, shape, seed, name), saved);
  }

  /**
   * Adds a variable whose first value is that of another.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Parameter addCopy(String name, Parameter of) {
    return add(name, of.shape(), of.initial(), new Parameter.Slice(name, of.shape(), 0));
  }

  private Parameter add(
      String name, Shape shape, Operand<TFloat32> initial, Parameter.Slice saved) {
    // No scope of its own: TensorFlow Java reads the whole graph for each.
    String prefix = name.replace('/', '_');
    Operand<?> handle =
        tf.withName(prefix + "_handle")
            .varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    @SuppressWarnings("unchecked") // a resource handle has no Java type of its own
    Operand<? extends TType> resource = (Operand<? extends TType>) handle;
    Parameter parameter =
        new Parameter(
            name,
            shape,
            resource,
            tf.withName(prefix + "_value").readVariableOp(resource, TFloat32.class),
            initial,
            saved);
    if (byName.putIfAbsent(name, parameter) != null) {
      throw new IllegalArgumentException("two parameters are called " + name);
    }
    return parameter;
  }

  /**
   * Adds a part of a variable that is divided along its first axis among several devices. In
   * checkpoints it is a slice of the whole, so that another division can read it.
   *
   * @param name of the whole
   * @param whole its shape
   * @throws IllegalArgumentException if the name is taken, or the first axis cannot be divided
   */
  public Parameter addPart(String name, Shape whole, Initial initial, BatchPart part) {
    if (part.count() == 1) {
      return add(name, whole, initial);
    }
    if (whole.get(0) % part.count() != 0) {
      throw new IllegalArgumentException(
          name + " of " + whole + " cannot be divided by " + part.count());
    }
    long rows = whole.get(0) / part.count();
    return add(
        name + "/part" + part.index(),
        Shape.of(rows).append(whole.tail()),
        initial,
        new Parameter.Slice(name, whole, part.index() * rows));
  }

  /** The experiment's seed. */
  public long seed() {
    return seed;
  }

  /** All of them, in the order of their making. */
  public List<Parameter> all() {
    return Collections.unmodifiableList(new ArrayList<>(byName.values()));
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
