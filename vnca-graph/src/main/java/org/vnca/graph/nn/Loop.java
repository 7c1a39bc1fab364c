package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphAccess;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A counted loop in a graph. What is made with {@link #tf()} between its making and {@link #end()}
 * is its body, if it depends on a variable or on {@link #t()}; all else, such as what the body
 * makes of constants alone, is computed once, before the loop. A body may read any operand of the
 * graph.
 *
 * <p>It is made of TensorFlow's own parts (Enter, Merge, Switch, NextIteration, Exit), as version 1
 * of its Python interface does it. {@code Graph.whileLoop} makes every operand that a body reads a
 * variable, which costs three operations in each iteration; a functional loop, of which TensorFlow
 * can tell the gradient, cannot carry tensor lists, since their handles have no Java type.
 */
public final class Loop {
  private static final Set<String> PARTS =
      Set.of("Enter", "Merge", "LoopCond", "Switch", "Exit", "NextIteration");

  private static final Set<String> HANDING_ON = Set.of("Enter", "NextIteration");

  private final Ops tf;
  private final Graph graph;
  private final String frame;
  private final long begin;
  private final Output<?> goesOn;
  private final List<Variable<?>> variables = new ArrayList<>();
  private final Operand<TInt32> t;

  /**
   * Begins a loop.
   *
   * @param outside the scope in which it stands
   * @param name scope of what belongs to it
   * @param times scalar int32: number of iterations, may be 0
   */
  public Loop(Ops outside, String name, Operand<TInt32> times) {
    this.tf = outside.withControlDependencies(List.of()).withSubScope(name);
    this.graph = (Graph) tf.scope().env();
    this.frame = tf.scope().makeOpName("loop");
    this.begin = GraphAccess.end(graph);
    GraphOperation count = merge(enter(tf.constant(0), false));
    Operand<TBool> more = tf.math.less(Loop.<TInt32>typed(count.output(0)), times);
    this.goesOn =
        tf.scope().opBuilder("LoopCond", "more").addInput(more.asOutput()).build().output(0);
    Variable<TInt32> counter = variable(count);
    this.t = counter.now();
    counter.next(tf.math.add(t, tf.constant(1)));
  }

  /** The scope of the body. */
  public Ops tf() {
    return tf;
  }

  /** The number of the iteration, scalar int32, from 0. */
  public Operand<TInt32> t() {
    return t;
  }

  /**
   * A value that changes from one iteration to the next.
   *
   * @param first its value before the first iteration, which depends on no variable of this loop
   */
  public <T extends TType> Variable<T> variable(Operand<T> first) {
    return variable(merge(enter(first, false)));
  }

  private <T extends TType> Variable<T> variable(GraphOperation merge) {
    Operation either = either(merge.output(0));
    Operation exit = tf.scope().opBuilder("Exit", "last").addInput(either.output(0)).build();
    Variable<T> variable = new Variable<>(merge, typed(either.output(1)), typed(exit.output(0)));
    variables.add(variable);
    return variable;
  }

  /**
   * Ends the loop.
   *
   * @throws IllegalStateException if a variable has no next value
   */
  public void end() {
    for (Variable<?> variable : variables) {
      if (variable.next == null) {
        throw new IllegalStateException("a variable of " + frame + " has no next value");
      }
      Output<?> again =
          tf.scope()
              .opBuilder("NextIteration", "next")
              .addInput(variable.next.asOutput())
              .build()
              .output(0);
      GraphAccess.setInput(graph, variable.merge, 1, again);
    }
    bringIn(GraphAccess.operations(graph, begin));
  }

  private Output<?> enter(Operand<?> value, boolean constant) {
    return tf.scope()
        .opBuilder("Enter", "enter")
        .addInput(value.asOutput())
        .setAttr("frame_name", frame)
        .setAttr("is_constant", constant)
        .build()
        .output(0);
  }

  /** Of the first value and that of the iteration before, which {@link #end} puts in its place. */
  private GraphOperation merge(Output<?> first) {
    return (GraphOperation)
        tf.scope().opBuilder("Merge", "merge").addInputList(new Output<?>[] {first, first}).build();
  }

  /** Its outputs: the value after the last iteration, and that for another one. */
  private Operation either(Output<?> value) {
    return tf.scope().opBuilder("Switch", "either").addInput(value).addInput(goesOn).build();
  }

  /**
   * Lets the loop read what stands outside of it.
   *
   * <p>What is only handed on, to the next iteration or into a loop within this one, would be there
   * in every iteration, also in the one that would come after the last. So a Switch stands before
   * it.
   *
   * @param made while the loop was built, in their order
   */
  private void bringIn(List<GraphAccess.Made> made) {
    Set<Operation> firstValues = new HashSet<>();
    variables.forEach(variable -> firstValues.add(variable.merge.input(0).op()));
    Set<Operation> inside = new HashSet<>();
    List<GraphAccess.Made> readers = new ArrayList<>();
    for (GraphAccess.Made each : made) {
      if (PARTS.contains(each.operation().type())
          || each.inputs().stream().anyMatch(input -> inside.contains(input.op()))
          || each.controlInputs().stream().anyMatch(inside::contains)) {
        inside.add(each.operation());
        readers.add(each);
      }
    }
    Map<Output<?>, Output<?>> entered = new HashMap<>();
    for (GraphAccess.Made each : readers) {
      GraphOperation operation = each.operation();
      for (int i = 0; i < each.inputs().size(); i++) {
        Output<?> input = each.inputs().get(i);
        if (!inside.contains(input.op()) && !firstValues.contains(operation)) {
          Output<?> here = entered.computeIfAbsent(input, outside -> enter(outside, true));
          boolean alive = HANDING_ON.contains(operation.type());
          GraphAccess.setInput(graph, operation, i, alive ? either(here).output(1) : here);
        }
      }
    }
  }

  /** A value that changes from one iteration to the next. */
  public static final class Variable<T extends TType> {
    private final GraphOperation merge;
    private final Operand<T> now;
    private final Operand<T> last;
    private Operand<T> next;

    private Variable(GraphOperation merge, Operand<T> now, Operand<T> last) {
      this.merge = merge;
      this.now = now;
      this.last = last;
    }

    /** Its value in an iteration. */
    public Operand<T> now() {
      return now;
    }

    /** Says what its value in the next iteration is. */
    public void next(Operand<T> value) {
      next = value;
    }

    /** Its value after the last iteration: an operand outside of the loop. */
    public Operand<T> last() {
      return last;
    }
  }

  /** An operand whose type only the graph knows. */
  @SuppressWarnings("unchecked")
  public static <T extends TType> Operand<T> typed(Operand<?> operand) {
    return (Operand<T>) operand;
  }
}
