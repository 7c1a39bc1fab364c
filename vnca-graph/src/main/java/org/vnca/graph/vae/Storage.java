package org.vnca.graph.vae;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.Restore;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.vnca.graph.nn.Parameter;

/**
 * Saving and restoring variables as a TensorFlow V2 checkpoint, which Python reads with {@code
 * tf.train.load_checkpoint}: every variable under its name, and {@code step}, int64.
 *
 * @param prefix to be fed: path of the checkpoint without the endings that TensorFlow adds
 * @param step to be fed when saving: scalar int64
 * @param save writes every variable of the graph
 * @param restore reads every variable of the graph
 */
public record Storage(Placeholder<TString> prefix, Placeholder<TInt64> step, Op save, Op restore) {

  /** Builds it for all variables that the graph has now; so it comes last. */
  public static Storage build(Vnca model) {
    Ops tf = model.ops("storage");
    Placeholder<TString> prefix =
        tf.withName("prefix").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TInt64> step =
        tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    List<Parameter> variables = model.parameters().all();
    List<String> names = new ArrayList<>(variables.stream().map(Parameter::name).toList());
    Operand<TString> variableNames = strings(tf, names);

    List<Operand<?>> values = new ArrayList<>();
    variables.forEach(variable -> values.add(variable.value()));
    names.add("step");
    values.add(step);
    Op save =
        tf.train.save(
            prefix, strings(tf, names), strings(tf, Collections.nCopies(names.size(), "")), values);

    List<Class<? extends TType>> types = Collections.nCopies(variables.size(), TFloat32.class);
    Restore restored =
        tf.train.restore(
            prefix, variableNames, strings(tf, Collections.nCopies(variables.size(), "")), types);
    List<Op> assignments = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Operand<? extends TType> value = restored.tensors().get(i).asOutput();
      assignments.add(tf.assignVariableOp(variables.get(i).handle(), value));
    }
    return new Storage(prefix, step, save, tf.withControlDependencies(assignments).noOp());
  }

  private static Operand<TString> strings(Ops tf, List<String> values) {
    return tf.constant(StandardCharsets.UTF_8, values.toArray(String[]::new));
  }
}
