package org.vnca.graph.session;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.training.Reading;
import org.vnca.graph.training.Storage;

/**
 * The values of a model's variables, in checkpoints and as arrays: the model's parameters, and in
 * training the optimizer's and the pool's variables. Belongs to a {@link VncaSession}, and ends
 * with it.
 */
public final class Variables {
  private final OpenModel open;
  private final Storage storage;
  private final Op initialize;
  private final Map<Reading, Op> restores = new EnumMap<>(Reading.class);
  private Assignment assignment;

  /**
   * For all variables that the graph has now; so training comes before.
   *
   * @param pooled whether there is a pool, whose order is saved beside its variables
   */
  Variables(OpenModel open, boolean pooled) {
    this.open = open;
    this.storage = open.build(model -> Storage.build(model, pooled));
    this.restores.put(Reading.AS_WRITTEN, storage.restore());
    this.initialize = open.build(model -> model.parameters().initialize());
  }

  /** Gives every variable its first value. */
  void initialize() {
    open.run("giving first values", open.runner().addTarget(initialize)).close();
  }

  /**
   * Writes all variables.
   *
   * @param poolEntries the pool's order, not saved without a pool
   */
  void save(Path prefix, long step, int[] poolEntries) {
    try (TString path = TString.scalarOf(prefix.toString());
        TInt64 number = TInt64.scalarOf(step);
        TInt32 order = TInt32.vectorOf(poolEntries)) {
      Session.Runner runner =
          open.runner()
              .feed(storage.prefix(), path)
              .feed(storage.step(), number)
              .addTarget(storage.save());
      storage.pool().ifPresent(stored -> runner.feed(stored.given(), order));
      open.run("saving " + prefix, runner).close();
    }
  }

  /**
   * Reads all variables.
   *
   * @return the pool's order, empty without a pool
   */
  int[] restore(Path prefix, Reading reading) {
    Op restore =
        restores.computeIfAbsent(
            reading, other -> open.build(model -> storage.restoring(model, other)));
    try (TString path = TString.scalarOf(prefix.toString())) {
      Session.Runner runner = open.runner().feed(storage.prefix(), path).addTarget(restore);
      storage.pool().ifPresent(stored -> runner.fetch(stored.restored()));
      try (Result result = open.run("reading " + prefix, runner)) {
        return storage.pool().isPresent() ? Tensors.ints(result, 0) : new int[0];
      }
    }
  }

  /** Shapes of the trainable parameters by their names: the encoder's, then the decoder's. */
  public Map<String, int[]> trainableShapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (Parameter parameter : open.model().trainable()) {
      int[] shape = Arrays.stream(parameter.shape().asArray()).mapToInt(Math::toIntExact).toArray();
      shapes.put(parameter.name(), shape);
    }
    return shapes;
  }

  /**
   * Gives trainable parameters values; so their moving averages, if there are any.
   *
   * @param values by their names, flattened row by row
   * @throws IllegalArgumentException if there is no such parameter, or its values are more or fewer
   */
  public void assign(Map<String, float[]> values) {
    if (assignment == null) {
      assignment = open.build(Assignment::build);
    }
    assignment.run(open, values);
  }

  /** Every variable by its name, sorted, flattened row by row. */
  public Map<String, float[]> values() {
    Map<String, float[]> values = new TreeMap<>();
    for (Parameter parameter : open.model().parameters().all()) {
      values.put(parameter.name(), value(parameter));
    }
    return values;
  }

  /** The model's parameters by the names of the operations that read them. */
  Map<String, SavedModelFile.Weight> weights() {
    Map<String, SavedModelFile.Weight> weights = new TreeMap<>();
    for (Parameter parameter : open.model().trainable()) {
      weights.put(
          parameter.value().asOutput().op().name(),
          new SavedModelFile.Weight(parameter.shape(), value(parameter)));
    }
    return weights;
  }

  private float[] value(Parameter parameter) {
    try (Result result = open.runner().fetch(parameter.value()).run()) {
      return Tensors.flat(result, 0);
    }
  }
}
