package org.vnca.train.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.run.RunDirectory;

/**
 * The weights of a run's checkpoint, for a new run to begin with. Which experiment they are given
 * to does not matter, as long as its model has the same parameters: it may settle, or learn from
 * other data, otherwise.
 */
public final class FirstWeights {
  private static final int NAMED = 5;

  private final RunDirectory run;
  private final long step;
  private final String checksum;
  private final ModelWeights weights;
  private final Map<String, int[]> shapes;
  private final Map<String, float[]> values;

  private FirstWeights(
      RunDirectory run,
      long step,
      String checksum,
      ModelWeights weights,
      Map<String, int[]> shapes,
      Map<String, float[]> values) {
    this.run = run;
    this.step = step;
    this.checksum = checksum;
    this.weights = weights;
    this.shapes = shapes;
    this.values = values;
  }

  /**
   * Reads them: their average, if the checkpoint has one.
   *
   * @param checkpoint {@code best}, {@code latest} or a step
   * @throws org.vnca.train.run.RunException if the run has no such checkpoint
   */
  public static FirstWeights of(RunDirectory run, String checkpoint, Watch watch) {
    try (OpenedModel opened = ModelChoice.of(checkpoint).onCpu(run, run.experiment(), watch)) {
      VncaSession session = opened.session();
      return new FirstWeights(
          run,
          opened.checkpoint().step(),
          opened.checkpoint().checksum(),
          opened.weights(),
          session.variables().trainableShapes(),
          session.variables().values());
    }
  }

  /** Where they are from, in words. */
  String location() {
    return "%s, step %d%s".formatted(run.name(), step, weights.behindStep());
  }

  /** SHA-256 of the checkpoint's manifest. */
  String checksum() {
    return checksum;
  }

  /**
   * Gives a model's trainable parameters these values.
   *
   * @throws TrainingException if it has others, or some of another shape; the message names them
   */
  void giveTo(VncaSession session) {
    List<String> faults = new ArrayList<>();
    Map<String, float[]> given = new LinkedHashMap<>();
    TreeSet<String> unused = new TreeSet<>(shapes.keySet());
    session
        .variables()
        .trainableShapes()
        .forEach(
            (name, shape) -> {
              unused.remove(name);
              int[] here = shapes.get(name);
              if (here == null) {
                faults.add(name + " is missing");
              } else if (!Arrays.equals(here, shape)) {
                faults.add(
                    "%s is %s, but must be %s"
                        .formatted(name, Arrays.toString(here), Arrays.toString(shape)));
              } else {
                given.put(name, values.get(name));
              }
            });
    unused.forEach(name -> faults.add(name + " is nothing of this model"));
    if (!faults.isEmpty()) {
      String more = faults.size() > NAMED ? "; and %d more".formatted(faults.size() - NAMED) : "";
      throw new TrainingException(
          "%s does not have this model's weights: %s%s; change the descriptor's model, or name another run"
              .formatted(
                  run, String.join("; ", faults.subList(0, Math.min(NAMED, faults.size()))), more));
    }
    session.variables().assign(given);
  }
}
