package org.vnca.eval;

import java.util.Arrays;
import java.util.function.Function;
import org.vnca.data.Split;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.measure.Mean;

/**
 * Latent units that the encoder uses: those whose posterior mean has a variance over images above
 * {@value #THRESHOLD} (Burda et al. 2016, section 3).
 */
final class ActiveUnits {
  static final double THRESHOLD = 0.01;

  /** Images encoded at a time: always the same, so that the last bits are, too. */
  private static final int BATCH = 100;

  private ActiveUnits() {}

  /**
   * Encodes the images, in constant memory.
   *
   * @param images indices into the split
   * @param each called after each piece; may throw to end the work
   * @return variance over images of each unit's posterior mean, {@code [Z]}
   */
  static double[] variances(VncaSession session, Split split, int[] images, Runnable each) {
    return variances(batch -> session.sampling().posteriorMeans(split.read(batch)), images, each);
  }

  /**
   * As above.
   *
   * @param encode posterior means {@code [B, Z]} of images by their indices {@code [B]}
   */
  static double[] variances(Function<int[], float[][]> encode, int[] images, Runnable each) {
    Mean[] units = {};
    for (int from = 0; from < images.length; from += BATCH) {
      int[] batch = Arrays.copyOfRange(images, from, Math.min(from + BATCH, images.length));
      float[][] means = encode.apply(batch);
      if (units.length == 0) {
        units = new Mean[means[0].length];
        Arrays.setAll(units, i -> new Mean());
      }
      for (float[] mean : means) {
        for (int unit = 0; unit < mean.length; unit++) {
          units[unit].add(mean[unit]);
        }
      }
      each.run();
    }
    return Arrays.stream(units).mapToDouble(Mean::variance).toArray();
  }

  /** How many of the variances are above the threshold. */
  static int count(double[] variances) {
    return (int) Arrays.stream(variances).filter(variance -> variance > THRESHOLD).count();
  }
}
