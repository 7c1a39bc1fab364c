package org.vnca.train.experiment;

import java.util.HashSet;
import java.util.List;
import org.vnca.graph.spec.InvalidSetting;

/**
 * Which images are trained on, selected by and tested on. The test split takes part in neither
 * training nor selection: such a descriptor is refused.
 *
 * @param file HDF5 file of the dataset, or {@code embedded:NAME} for one that comes with the
 *     program
 * @param train names of the splits that are trained on, at least one
 * @param validation name of the split that selects the best checkpoint
 * @param test name of the split that is held out
 * @param padTo side of the square, in pixels, to which images are padded with zeros on all four
 *     sides; 0 for no padding; 32 in the paper for MNIST
 * @param binarize how grey images become images of 0 and 1
 * @param augment what is done to training images at random
 */
public record DataSettings(
    String file,
    List<String> train,
    String validation,
    String test,
    int padTo,
    Binarize binarize,
    AugmentSettings augment) {
  /** Images of four channels and this side still fit into one array. */
  private static final int LARGEST_PAD = 1 << 14;

  /** Static binarized MNIST, as in the paper (section 3.1). */
  public static final DataSettings PAPER =
      new DataSettings(
          "data/binarized-mnist.h5",
          List.of("train"),
          "valid",
          "test",
          32,
          Binarize.NONE,
          AugmentSettings.PAPER);

  public DataSettings {
    requireText("file", file);
    InvalidSetting.requirePresent("train", train);
    train = List.copyOf(train);
    if (train.isEmpty() || new HashSet<>(train).size() < train.size()) {
      throw new InvalidSetting("train", "must name at least one split, none twice", train);
    }
    train.forEach(split -> requireText("train", split));
    requireText("validation", validation);
    requireText("test", test);
    if (train.contains(test)) {
      throw new InvalidSetting(
          "train", "must not hold the test split " + test, train, List.of("test"));
    }
    if (validation.equals(test)) {
      throw new InvalidSetting(
          "validation", "must be another split than test", validation, List.of("test"));
    }
    InvalidSetting.requireAtLeast("padTo", padTo, 0);
    if (padTo > LARGEST_PAD) {
      throw new InvalidSetting("padTo", "must be at most " + LARGEST_PAD, padTo);
    }
    InvalidSetting.requirePresent("binarize", binarize);
    InvalidSetting.requirePresent("augment", augment);
  }

  private static void requireText(String setting, String value) {
    InvalidSetting.requirePresent(setting, value);
    if (value.isBlank()) {
      throw new InvalidSetting(setting, "must not be blank", "'" + value + "'");
    }
  }
}
