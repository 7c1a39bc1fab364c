package org.vnca.graph.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.GraphAccess;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TType;

/**
 * A part of a graph that XLA compiles as one program, its loops included.
 *
 * <p>The part becomes a function, and the call of it is marked as {@code xla.compile} of
 * TensorFlow's version 1 marks operations ({@code _xla_compile_id}, {@code XlaClusterOutput}). When
 * a session first runs it, TensorFlow makes a launch of a compiled program of the call, and
 * functional loops, as XLA has them, of the loops in it ({@code EncapsulateXlaComputationsPass},
 * {@code FunctionalizeControlFlowForXlaPass}). What cannot be compiled is an error then, and is not
 * computed otherwise.
 *
 * <p>It is compiled anew for each shape of what it reads. Its lists must have a known length, and
 * all tensors of one the same shape.
 */
public final class XlaProgram {
  private static final String MARK = "_xla_compile_id";

  /**
   * What the program reads, and is not part of it: what is fed, variables, and random numbers, for
   * which XLA has no such operations.
   */
  private static final Set<String> OUTSIDE =
      Set.of(
          "Placeholder",
          "PlaceholderWithDefault",
          "VarHandleOp",
          "ReadVariableOp",
          "ResourceGather",
          "StatelessRandomNormal",
          "StatelessRandomUniform");

  private final List<GraphOperation> body;
  private final List<Output<?>> inputs;

  private XlaProgram(List<GraphOperation> body, List<Output<?>> inputs) {
    this.body = body;
    this.inputs = inputs;
  }

  /**
   * Makes a program of all that some operands are computed from.
   *
   * @param name that nothing in the graph has yet
   * @return operands of the same values, in the same order, computed by the program
   */
  public static <T extends TType> List<Operand<T>> of(
      Ops tf, String name, List<Operand<T>> operands) {
    Graph graph = (Graph) tf.scope().env();
    List<Output<?>> outputs = new ArrayList<>();
    operands.forEach(operand -> outputs.add(operand.asOutput()));
    XlaProgram program = behind(graph, outputs);
    GraphOperation call =
        GraphAccess.call(graph, name, MARK, program.body, program.inputs, outputs);
    List<Operand<T>> compiled = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Output<?> output =
          tf.scope()
              .opBuilder("XlaClusterOutput", "output")
              .addInput(call.output(i))
              .build()
              .output(0);
      // Nothing may wait for a program's output itself.
      compiled.add(tf.identity(Loop.<T>typed(output)));
    }
    return compiled;
  }

  private static XlaProgram behind(Graph graph, List<Output<?>> outputs) {
    Map<GraphOperation, GraphAccess.Made> all =
        GraphAccess.operations(graph, 0).stream()
            .collect(Collectors.toMap(GraphAccess.Made::operation, Function.identity()));
    Set<GraphOperation> body = new LinkedHashSet<>();
    Set<Output<?>> inputs = new LinkedHashSet<>();
    Deque<Output<?>> left = new ArrayDeque<>(outputs);
    while (!left.isEmpty()) {
      Output<?> output = left.pop();
      GraphOperation operation = (GraphOperation) output.op();
      if (OUTSIDE.contains(operation.type())) {
        inputs.add(output);
      } else if (body.add(operation)) {
        GraphAccess.Made made = all.get(operation);
        made.inputs().forEach(left::push);
        made.controlInputs().forEach(before -> left.push(before.output(0)));
      }
    }
    return new XlaProgram(List.copyOf(body), List.copyOf(inputs));
  }
}
