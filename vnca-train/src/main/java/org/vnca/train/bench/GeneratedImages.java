package org.vnca.train.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.vnca.base.image.ImageShape;
import org.vnca.data.ImageDataset;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.trainer.Models;
import org.vnca.train.trainer.RunImages;

/** Images of an experiment's shape, made of random numbers. */
final class GeneratedImages {
  /** About as many as in a digit. */
  private static final double SHARE_OF_ONES = 0.13;

  /** Java has no longer arrays. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private GeneratedImages() {}

  /**
   * How images enter the model: as those of the data file, if it is there; otherwise as the model
   * wants them.
   *
   * @param image the images' shape if it is given, else null
   * @throws BenchException if nothing tells the size
   */
  static InputSpec input(Experiment experiment, ImageShape image) {
    boolean binary = experiment.model().likelihood().binary();
    int padTo = experiment.data().padTo();
    if (image != null) {
      return new InputSpec(image, padTo, binary);
    }
    String file = experiment.data().file();
    if (file.startsWith("embedded:") || Files.exists(Path.of(file))) {
      try (ImageDataset dataset = ImageDataset.open(file)) {
        return Models.input(experiment, RunImages.trainingSplits(experiment, dataset).get(0));
      }
    }
    int channels = binary ? 1 : 3;
    if (padTo > 0) {
      return new InputSpec(new ImageShape(padTo, padTo, channels), 0, binary);
    }
    DecoderSpec decoder = experiment.model().decoder();
    if (decoder.sides().isEmpty()) {
      throw new BenchException(
          "neither "
              + file
              + " nor data.pad-to tells how large the images are; say it with --image, such as"
              + " --image 32x32x"
              + channels);
    }
    int side = decoder.sides().get(0);
    return new InputSpec(new ImageShape(side, side, channels), 0, binary);
  }

  /**
   * Stored images, {@code [count, h, w, channels]} uint8.
   *
   * @throws BenchException if they are more than an array can hold
   */
  static byte[] of(InputSpec input, int count) {
    ImageShape image = input.stored();
    long most = LONGEST / ((long) image.height() * image.width() * image.channels());
    if (count > most) {
      throw new BenchException(
          "a batch of images of %s has at most %d, the bytes of an array, but --batch or train.batch is %d"
              .formatted(image, most, count));
    }
    byte[] images = new byte[count * input.stored().dimensions()];
    SplittableRandom random = new SplittableRandom(1);
    if (!input.binary()) {
      random.nextBytes(images);
      return images;
    }
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (random.nextDouble() < SHARE_OF_ONES ? 1 : 0);
    }
    return images;
  }
}
