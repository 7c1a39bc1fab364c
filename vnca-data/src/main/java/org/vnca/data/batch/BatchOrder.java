package org.vnca.data.batch;

import java.util.Arrays;
import java.util.List;
import org.vnca.data.Split;
import org.vnca.data.keyed.KeyedMix;

/**
 * Which images make up the batch of a step: positions {@code [s * B, (s + 1) * B)} of all epochs
 * one after the other. A pure function of seed and step; not thread-safe.
 */
final class BatchOrder {
  /** Data of up to this size, decoded, is permuted as a whole: the block cache can hold it. */
  private static final long WHOLE_BYTES = 256L << 20;

  /** The window of larger data: thousands of images, yet a share of the block cache. */
  private static final long WINDOW_BYTES = 64L << 20;

  private static final int LEAST_BLOCK = 64;

  private final long seed;
  private final int size;
  private final int batchSize;
  private final int blockImages;
  private final int windowImages;
  private EpochOrder order;
  private long epoch = -1;

  /**
   * @param size images of an epoch
   * @param blockImages images that are read together
   * @param windowImages images among which an image is shuffled
   */
  BatchOrder(long seed, int size, int batchSize, int blockImages, int windowImages) {
    this.seed = seed;
    this.size = size;
    this.batchSize = batchSize;
    this.blockImages = blockImages;
    this.windowImages = windowImages;
  }

  /** The order of all images of the splits. */
  static BatchOrder of(List<Split> splits, long seed, int batchSize) {
    int size = Math.toIntExact(splits.stream().mapToLong(Split::size).sum());
    long imageBytes = splits.get(0).imageBytes();
    int block = splits.stream().mapToInt(Split::imagesPerBlock).reduce(LEAST_BLOCK, Math::max);
    long window = size * imageBytes <= WHOLE_BYTES ? size : WINDOW_BYTES / imageBytes;
    return new BatchOrder(seed, size, batchSize, block, (int) window);
  }

  /** The epochs from which the images of a step come, in the order of the batch. */
  long[] epochs(long step) {
    long[] epochs = new long[batchSize];
    long position = Math.multiplyExact(step, batchSize);
    Arrays.setAll(epochs, i -> (position + i) / size);
    return epochs;
  }

  /** The images of a step, each in 0..size-1, in the order of the batch. */
  int[] at(long step) {
    int[] images = new int[batchSize];
    long position = Math.multiplyExact(step, batchSize);
    for (int i = 0; i < batchSize; i++, position++) {
      if (position / size != epoch) {
        epoch = position / size;
        order = new EpochOrder(KeyedMix.derive(seed, epoch), size, blockImages, windowImages);
      }
      images[i] = order.at((int) (position % size));
    }
    return images;
  }
}
