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
 * A counted while loop in the graph: variables that change, constants that its body may read.
 *
 * <p>Built with {@code Graph.whileLoop}, whose body is a graph of its own that sees nothing of the
 * outer one; so whatever the body reads goes in here. Variables may be handles of tensor lists,
 * which have no Java type: a functional loop could not carry those.
 */
public final class Loop {
  private Loop() {}

  /** What happens in one iteration. */
  public interface Body {
    /**
     * One iteration.
     *
     * @param tf the body's graph
     * @param t scalar int32, counts from 0
     * @param variables their values before the iteration
     * @param constants the values given to {@link Loop#run}
     * @return the variables' values after the iteration
     */
    List<Operand<?>> step(
        Ops tf, Operand<TInt32> t, List<Operand<?>> variables, List<Operand<?>> constants);
  }

  /**
   * Builds the loop.
   *
   * @param name prefix of the operations' names within the scope of {@code tf}
   * @param times scalar int32: number of iterations, may be 0
   * @return the variables' last values
   */
  public static List<Operand<?>> run(
      Ops tf,
      String name,
      Operand<TInt32> times,
      List<Operand<?>> variables,
      List<Operand<?>> constants,
      Body body) {
    Builder loop = new Builder(tf, name);
    List<Operand<?>> all = new ArrayList<>();
    all.add(tf.constant(0));
    all.addAll(variables);
    List<Output<?>> entered = all.stream().<Output<?>>map(v -> loop.enter(v, false)).toList();
    long first = GraphAccess.end(loop.graph);
    List<Output<?>> merged = entered.stream().<Output<?>>map(loop::merge).toList();
    Output<?> goesOn = loop.condition(loop.tf.math.less(Loop.<TInt32>typed(merged.get(0)), times));
    List<Operand<?>> last = new ArrayList<>();
    List<Operand<?>> now = new ArrayList<>();
    for (Output<?> value : merged) {
      Operation either = loop.either(value, goesOn);
      last.add(loop.exit(either.output(0)));
      now.add(either.output(1));
    }
    Operand<TInt32> t = typed(now.get(0));
    List<Operand<?>> next = new ArrayList<>();
    next.add(loop.tf.math.add(t, loop.tf.constant(1)));
    next.addAll(body.step(loop.tf, t, List.copyOf(now.subList(1, now.size())), constants));
    for (int i = 0; i < merged.size(); i++) {
      loop.close(merged.get(i), next.get(i));
    }
    loop.bringIn(entered, goesOn, GraphAccess.operations(loop.graph, first));
    return last.subList(1, last.size());
  }

  /** The operations that a loop is made of. */
  private static final class Builder {
    private static final Set<String> KINDS =
        Set.of("Enter", "Merge", "LoopCond", "Switch", "Exit", "NextIteration");

    private static final Set<String> HANDING_ON = Set.of("Enter", "NextIteration");

    private final Ops tf;
    private final Graph graph;
    private final String frame;

    Builder(Ops outside, String name) {
      this.tf = outside.withControlDependencies(List.of());
      this.graph = (Graph) outside.scope().env();
      this.frame = outside.scope().makeOpName(name);
    }

    Output<?> enter(Operand<?> value, boolean constant) {
      return tf.scope()
          .opBuilder("Enter", "enter")
          .addInput(value.asOutput())
          .setAttr("frame_name", frame)
          .setAttr("is_constant", constant)
          .build()
          .output(0);
    }

    /** Of the first value and that of the iteration before; the latter is set by {@link #close}. */
    Output<?> merge(Output<?> first) {
      return tf.scope()
          .opBuilder("Merge", "merge")
          .addInputList(new Output<?>[] {first, first})
          .build()
          .output(0);
    }

    Output<?> condition(Operand<TBool> more) {
      return tf.scope().opBuilder("LoopCond", "more").addInput(more.asOutput()).build().output(0);
    }

    /** Its outputs: the last value, and one for the body. */
    Operation either(Output<?> value, Output<?> goesOn) {
      return tf.scope().opBuilder("Switch", "either").addInput(value).addInput(goesOn).build();
    }

    Output<?> exit(Output<?> value) {
      return tf.scope().opBuilder("Exit", "last").addInput(value).build().output(0);
    }

    void close(Output<?> merged, Operand<?> next) {
      Output<?> again =
          tf.scope().opBuilder("NextIteration", "next").addInput(next.asOutput()).build().output(0);
      GraphAccess.setInput(graph, (GraphOperation) merged.op(), 1, again);
    }

    /**
     * Lets the loop read what stands outside of it. What depends on a variable is computed in every
     * iteration; all else, such as what the body makes of constants alone, once before the loop.
     *
     * <p>What is only handed on, to the next iteration or into a loop within this one, is alive in
     * every iteration, also in the one that would come after the last. So a Switch stands before
     * it.
     *
     * @param variables first values of the variables, inside
     * @param goesOn whether an iteration is one
     * @param made while the loop was built behind those, in their order
     */
    void bringIn(List<Output<?>> variables, Output<?> goesOn, List<GraphOperation> made) {
      Set<Operation> inside = new HashSet<>();
      variables.forEach(variable -> inside.add(variable.op()));
      for (GraphOperation operation : made) {
        if (KINDS.contains(operation.type())
            || operation.inputs().stream().anyMatch(in -> inside.contains(in.asOutput().op()))
            || operation.controlInputs().stream().anyMatch(inside::contains)) {
          inside.add(operation);
        }
      }
      Map<Output<?>, Output<?>> entered = new HashMap<>();
      for (GraphOperation operation : made) {
        if (inside.contains(operation)) {
          List<Operand<?>> inputs = operation.inputs();
          for (int i = 0; i < inputs.size(); i++) {
            Output<?> input = inputs.get(i).asOutput();
            if (!inside.contains(input.op())) {
              Output<?> here = entered.computeIfAbsent(input, outside -> enter(outside, true));
              GraphAccess.setInput(
                  graph,
                  operation,
                  i,
                  HANDING_ON.contains(operation.type()) ? either(here, goesOn).output(1) : here);
            }
          }
        }
      }
    }
  }

  /** An operand whose type only the graph knows. */
  @SuppressWarnings("unchecked")
  public static <T extends TType> Operand<T> typed(Operand<?> operand) {
    return (Operand<T>) operand;
  }

  /** Operands whose type only the graph knows. */
  public static <T extends TType> List<Operand<T>> typed(List<Operand<?>> operands) {
    return operands.stream().map(Loop::<T>typed).toList();
  }
}
