package org.vnca.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vnca.train.experiment.Binarize;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.Settings;
import org.vnca.train.trainer.ModelWeights;

/**
 * What the values of an image depend on, besides the image: the first line of their file.
 *
 * @param run the run's name
 * @param step of the checkpoint
 * @param checkpoint checksum of the checkpoint's manifest, which has those of its files
 * @param dataset checksum of the dataset
 * @param split which images
 * @param images how many of them
 * @param seed of every draw
 * @param samples numbers of importance samples, ascending
 * @param further steps of each decoding on the last grid, beyond those that the descriptor says
 * @param weights which of the checkpoint's
 * @param besideAverage whether they are those that were trained although it has their average
 * @param model settings of the model and of what enters it, by their keys in a descriptor
 */
record EvaluationHeader(
    String run,
    long step,
    String checkpoint,
    String dataset,
    String split,
    int images,
    long seed,
    List<Integer> samples,
    int further,
    ModelWeights weights,
    boolean besideAverage,
    Map<String, Object> model) {
  private static final String FURTHER = "further";

  /** The settings of an experiment that a checkpoint is read and decoded by. */
  static Map<String, Object> model(Experiment experiment) {
    Map<String, Object> settings = new LinkedHashMap<>(Settings.flatten(experiment));
    // Tables that were begun before there was the key go on.
    boolean asStored = experiment.data().binarize() == Binarize.NONE;
    settings
        .keySet()
        .removeIf(
            key ->
                !key.startsWith("model.")
                    && !key.equals("data.pad-to")
                    && (asStored || !key.equals("data.binarize")));
    return settings;
  }

  /** By name, in the order of the file. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run", run);
    fields.put("step", step);
    fields.put("checkpoint", checkpoint);
    fields.put("dataset", dataset);
    fields.put("split", split);
    fields.put("images", images);
    fields.put("seed", seed);
    fields.put("samples", samples);
    // Tables that were begun before there were averages go on.
    if (weights == ModelWeights.AVERAGE || besideAverage) {
      fields.put("weights", weights.word());
    }
    fields.putAll(model);
    return fields;
  }

  /** Where another header differs, in words; nothing where it is the same. */
  List<String> differences(Map<String, ?> found) {
    List<String> differences = new ArrayList<>();
    fields()
        .forEach(
            (name, value) -> {
              if (!Objects.toString(found.get(name)).equals(value.toString())) {
                differences.add(
                    "%s is %s there and %s here".formatted(name, found.get(name), value));
              }
            });
    return differences;
  }

  /**
   * Name of the report's file, and of that of the images, without ending. That of further steps, or
   * of weights that are not the checkpoint's average, is not the run's bound, and lies in a folder
   * where nobody looks for that.
   */
  String fileName() {
    List<String> counts = samples.stream().map(String::valueOf).toList();
    String name =
        "iwae-%s-step%d-n%s-images%d".formatted(split, step, String.join("-", counts), images);
    if (further > 0) {
      name = "%s-%d/%s".formatted(FURTHER, further, name);
    }
    return besideAverage ? "%s-weights/%s".formatted(weights.word(), name) : name;
  }
}
