package org.vnca.train.experiment;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.ModelSpec;

/**
 * All that a run depends on, besides the data itself: what a descriptor says.
 *
 * @param name what runs of this experiment are called; part of a directory's name
 * @param seed seed of every random draw and of the order of the data
 * @param data which images
 * @param model which model
 * @param train how it is trained
 * @param evaluation how it is measured afterwards
 */
public record Experiment(
    String name,
    long seed,
    DataSettings data,
    ModelSpec model,
    TrainSettings train,
    EvaluationSettings evaluation) {
  // Before PAPER: its constructor needs it.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** The paper's doubling VNCA on MNIST (section 3.1). */
  public static final Experiment PAPER =
      new Experiment(
          "mnist-doubling",
          1,
          DataSettings.PAPER,
          ModelSpec.PAPER,
          TrainSettings.PAPER,
          EvaluationSettings.PAPER);

  public Experiment {
    InvalidSetting.requirePresent("name", name);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidSetting(
          "name",
          "must be 1 to 100 letters, digits, dots, dashes or underscores, a letter or digit first",
          "'" + name + "'");
    }
    InvalidSetting.requirePresent("data", data);
    InvalidSetting.requirePresent("model", model);
    InvalidSetting.requirePresent("train", train);
    InvalidSetting.requirePresent("evaluation", evaluation);
    if (train.pool().present() && !model.decoder().takesPool()) {
      throw new InvalidSetting(
          "train.pool.size",
          "must be 0 unless model.decoder is non-doubling, or doubling with settle.max above 0",
          train.pool().size(),
          List.of("model.decoder.type", "model.decoder.settle.max"));
    }
    if (data.binarize() != Binarize.NONE && !model.likelihood().binary()) {
      throw new InvalidSetting(
          "data.binarize",
          "must be none where model.likelihood is of 256 levels",
          data.binarize().word(),
          List.of("model.likelihood.type"));
    }
    List<Integer> sides = model.decoder().sides();
    if (data.padTo() > 0 && !model.decoder().makes(data.padTo())) {
      throw new InvalidSetting(
          "data.padTo",
          "must be "
              + sides.stream().map(String::valueOf).collect(Collectors.joining(" or "))
              + ", the side of the images that model.decoder makes",
          data.padTo(),
          List.of("model.decoder.doublings", "model.decoder.type"));
    }
  }

  /** The same experiment with another model. */
  public Experiment with(ModelSpec other) {
    return new Experiment(name, seed, data, other, train, evaluation);
  }
}
