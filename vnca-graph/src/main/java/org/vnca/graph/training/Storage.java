package org.vnca.graph.training;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.Restore;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.vae.Vnca;

/**
 * Saving and restoring variables as a TensorFlow V2 checkpoint, which Python reads with {@code
 * tf.train.load_checkpoint}: every variable under its name, and {@code step}, int64. A variable
 * that is divided among devices is one tensor there.
 *
 * @param prefix to be fed: path of the checkpoint without the endings that TensorFlow adds
 * @param step to be fed when saving: scalar int64
 * @param save writes every variable of the graph
 * @param restore reads every variable of the graph
 * @param pool the pool's order, if there is a pool
 */
public record Storage(
    Placeholder<TString> prefix,
    Placeholder<TInt64> step,
    Op save,
    Op restore,
    Optional<PoolOrderStorage> pool) {
  private static final String POOL_ORDER = "pool/order";

  /**
   * Builds it for all variables that the graph has now; so it comes last.
   *
   * @param pooled whether there is a pool, whose order is saved beside its variables
   */
  public static Storage build(Vnca model, boolean pooled) {
    Ops tf = model.ops("storage");
    Placeholder<TString> prefix =
        tf.withName("prefix").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TInt64> step =
        tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    List<Parameter> variables = model.parameters().all();
    List<String> names = new ArrayList<>(variables.stream().map(p -> p.saved().name()).toList());
    List<String> slices = new ArrayList<>(variables.stream().map(Parameter::sliceSpec).toList());
    Operand<TString> variableNames = strings(tf, names);
    Operand<TString> variableSlices = strings(tf, slices);

    List<Operand<?>> values = new ArrayList<>();
    variables.forEach(variable -> values.add(variable.value()));
    names.add("step");
    slices.add("");
    values.add(step);
    Optional<PoolOrderStorage> pool =
        pooled ? Optional.of(PoolOrderStorage.build(tf, prefix)) : Optional.empty();
    pool.ifPresent(
        order -> {
          names.add(POOL_ORDER);
          slices.add("");
          values.add(order.given());
        });
    Op save = tf.train.save(prefix, strings(tf, names), strings(tf, slices), values);

    Op restore = restore(tf, prefix, variables, variableNames, variableSlices);
    return new Storage(prefix, step, save, restore, pool);
  }

  /** Builds an operation that reads every variable of the graph from other tensors. */
  public Op restoring(Vnca model, Reading reading) {
    Ops tf = model.ops("reading_" + reading.name().toLowerCase(Locale.ROOT));
    List<Parameter> variables = model.parameters().all();
    return restore(
        tf,
        prefix,
        variables,
        strings(tf, variables.stream().map(reading::source).toList()),
        strings(tf, variables.stream().map(Parameter::sliceSpec).toList()));
  }

  private static Op restore(
      Ops tf,
      Operand<TString> prefix,
      List<Parameter> variables,
      Operand<TString> names,
      Operand<TString> slices) {
    List<Class<? extends TType>> types = Collections.nCopies(variables.size(), TFloat32.class);
    Restore restored = tf.train.restore(prefix, names, slices, types);
    List<Op> assignments = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Operand<? extends TType> value = restored.tensors().get(i).asOutput();
      assignments.add(tf.assignVariableOp(variables.get(i).handle(), value));
    }
    return tf.withControlDependencies(assignments).noOp();
  }

  /**
   * The slots that hold the pool's entries, in the pool's order: {@link PoolOrder#entries()}.
   *
   * @param given to be fed when saving, {@code [n]} int32
   * @param restored read from the checkpoint, {@code [n]} int32
   */
  public record PoolOrderStorage(Placeholder<TInt32> given, Operand<TInt32> restored) {
    private static PoolOrderStorage build(Ops tf, Operand<TString> prefix) {
      Restore read =
          tf.train.restore(
              prefix,
              strings(tf, List.of(POOL_ORDER)),
              strings(tf, List.of("")),
              List.of(TInt32.class));
      return new PoolOrderStorage(
          tf.withName("pool_order").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1))),
          Loop.typed(read.tensors().get(0)));
    }
  }

  private static Operand<TString> strings(Ops tf, List<String> values) {
    return tf.constant(StandardCharsets.UTF_8, values.toArray(String[]::new));
  }
}
