package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
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
    List<Operand<?>> inputs = new ArrayList<>();
    inputs.add(tf.constant(0));
    inputs.add(times);
    inputs.addAll(variables);
    inputs.addAll(constants);
    int first = 2;
    int last = first + variables.size();
    Output<?>[] results =
        ((Graph) tf.scope().env())
            .whileLoop(
                inputs.stream().map(Operand::asOutput).toArray(Output<?>[]::new),
                (graph, in, out) -> {
                  Operand<TBool> more =
                      Ops.create(graph).math.less(typed(in[0]), Loop.<TInt32>typed(in[1]));
                  out[0] = more.asOutput();
                },
                (graph, in, out) -> {
                  Ops inside = Ops.create(graph);
                  Operand<TInt32> t = typed(in[0]);
                  List<Operand<?>> values = List.of(in);
                  List<Operand<?>> next =
                      body.step(
                          inside,
                          t,
                          values.subList(first, last),
                          values.subList(last, values.size()));
                  System.arraycopy(in, 0, out, 0, in.length);
                  out[0] = inside.math.add(t, inside.constant(1)).asOutput();
                  for (int i = 0; i < next.size(); i++) {
                    out[first + i] = next.get(i).asOutput();
                  }
                },
                tf.scope().makeOpName(name));
    return List.<Operand<?>>of(results).subList(first, last);
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
