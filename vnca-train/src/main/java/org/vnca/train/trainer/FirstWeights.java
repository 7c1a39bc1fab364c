package org.vnca.train.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.run.RunDirectory;

/**
 * The weights of a run's checkpoint, for a new run to begin with. Which experiment they are given
 * to does not matter, as long as its model has the same parameters: it may settle, or learn from
 * other data, otherwise.
 */
public final class FirstWeights {
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
    Map<String, int[]> wanted = session.variables().trainableShapes();
    ParameterShapes.difference(shapes, wanted)
        .ifPresent(
            faults -> {
              throw new TrainingException(
                  "%s does not have this model's weights: %s; change the descriptor's model, or name another run"
                      .formatted(run, faults));
            });
    Map<String, float[]> given = new LinkedHashMap<>(values);
    given.keySet().retainAll(wanted.keySet());
    session.variables().assign(given);
  }
}
