package org.vnca.train.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnca.base.image.ImageShape;
import org.vnca.data.ImageChange;
import org.vnca.data.ImageDataset;
import org.vnca.data.Pixels;
import org.vnca.data.Split;
import org.vnca.data.batch.BatchStream;
import org.vnca.data.batch.Variation;
import org.vnca.data.keyed.Binarization;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.experiment.AugmentSettings;
import org.vnca.train.experiment.Binarize;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.measure.BoundEstimator;

/**
 * A dataset's images as an experiment wants them: as they are measured, which never changes, and as
 * training sees them.
 */
public final class RunImages {
  /** A grey that becomes 1, and all lighter ones. */
  private static final int LIGHT = 128;

  /** So many images tell whether a split has grey levels at all. */
  private static final int LOOKED_AT = 1024;

  private RunImages() {}

  /**
   * A split as it is measured and looked at. Where grey levels are drawn, the draw follows from the
   * split's name and the image's number alone: so bounds of runs with any seed, and of {@code
   * static} and {@code dynamic}, are of the same images.
   *
   * @throws org.vnca.data.fault.DatasetException if there is no such split
   */
  public static Split split(Experiment experiment, ImageDataset dataset, String name) {
    Split split = dataset.split(name);
    Binarize how = experiment.data().binarize();
    return how == Binarize.NONE ? split : split.binary(binarization(how, name));
  }

  private static ImageChange binarization(Binarize how, String split) {
    if (how == Binarize.THRESHOLD) {
      return (index, images, from, length) -> {
        for (int i = from; i < from + length; i++) {
          images[i] = (byte) ((images[i] & 0xFF) >= LIGHT ? 1 : 0);
        }
      };
    }
    return new Binarization(Stream.BINARIZE.key(0, split), 0)::apply;
  }

  /** The splits that an experiment trains on, as they are measured. */
  public static List<Split> trainingSplits(Experiment experiment, ImageDataset dataset) {
    List<Split> splits = new ArrayList<>();
    experiment.data().train().forEach(name -> splits.add(split(experiment, dataset, name)));
    return splits;
  }

  /**
   * The batches of training from a step on: a pure function of the experiment, the dataset and the
   * step.
   *
   * @param firstStep the step of the first batch
   */
  static BatchStream batches(Experiment experiment, ImageDataset dataset, long firstStep) {
    boolean drawn = experiment.data().binarize() == Binarize.DYNAMIC;
    List<Split> splits =
        drawn
            ? experiment.data().train().stream().map(dataset::split).toList()
            : trainingSplits(experiment, dataset);
    Variation variation =
        new Variation(
            splits.get(0).image(),
            Optional.of(Stream.BINARIZE.key(experiment.seed()))
                .filter(key -> drawn && splits.get(0).pixels() != Pixels.BINARY),
            moved(experiment, splits.get(0).image()));
    return BatchStream.open(
        splits,
        Optional.of(variation).filter(Variation::present),
        Stream.DATA_ORDER.key(experiment.seed()),
        experiment.train().batch(),
        firstStep);
  }

  private static Optional<Variation.Moved> moved(Experiment experiment, ImageShape stored) {
    AugmentSettings augment = experiment.data().augment();
    return augment.present()
        ? Optional.of(
            new Variation.Moved(
                Stream.AUGMENT.key(experiment.seed()),
                augment.flip(),
                augment.shift(),
                framed(experiment, new InputSpec(stored, experiment.data().padTo(), false))
                    ? new ImageShape(
                        experiment.data().padTo(), experiment.data().padTo(), stored.channels())
                    : stored))
        : Optional.empty();
  }

  /**
   * Whether images are padded before training gets them, not in the graph: those that are moved, so
   * that what leaves the image is not lost as long as it is within the padding.
   */
  static boolean framed(Experiment experiment, InputSpec input) {
    return experiment.data().augment().shift() > 0 && !input.padded().equals(input.stored());
  }

  /** Shape of the images that training steps are given. */
  public static ImageShape trained(Experiment experiment, InputSpec input) {
    return framed(experiment, input) ? input.padded() : input.stored();
  }

  /**
   * Refuses to move images so far that nothing of one may be left.
   *
   * @throws InvalidSetting if so
   */
  static void requireAugmentFits(Experiment experiment, InputSpec input) {
    int least = Math.min(input.stored().height(), input.stored().width());
    int shift = experiment.data().augment().shift();
    if (shift >= least) {
      throw new InvalidSetting(
          "data.augment.shift", "must be less than " + least + ", the side of the images", shift);
    }
  }

  /** What is to be told of the images before training, each in a line. */
  static List<String> notices(Experiment experiment, ImageDataset dataset) {
    List<String> notices = new ArrayList<>();
    binarized(experiment, dataset).ifPresent(notices::add);
    String validation = experiment.data().validation();
    if (experiment.data().train().contains(validation)
        && experiment.train().validation().every() > 0) {
      notices.add(
          "data.train holds %s, by which the best checkpoint is chosen: its bound is one of images that were trained on; for the last checkpoint, evaluate with --checkpoint latest"
              .formatted(validation));
    }
    return notices;
  }

  /** What is to be told of images that are 0 and 1 already. */
  private static Optional<String> binarized(Experiment experiment, ImageDataset dataset) {
    Binarize how = experiment.data().binarize();
    if (how == Binarize.NONE) {
      return Optional.empty();
    }
    Split split = dataset.split(experiment.data().train().get(0));
    String setting = "data.binarize: " + how.word();
    if (split.pixels() == Pixels.BINARY) {
      return Optional.of(
          "%s does nothing: the images of %s are 0 and 1 already"
              .formatted(setting, dataset.location()));
    }
    return hasGreys(split)
        ? Optional.empty()
        : Optional.of(
            "%s only scales: the images of %s have no greys, only 0 and 255"
                .formatted(setting, dataset.location()));
  }

  private static boolean hasGreys(Split split) {
    for (byte value : split.read(BoundEstimator.choose(split.size(), LOOKED_AT))) {
      if (value != 0 && value != (byte) 255) {
        return true;
      }
    }
    return false;
  }
}
