package org.vnca.data.batch;

import org.vnca.data.keyed.KeyedMix;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * The order of one epoch: every image once. Where there are more images than a window holds, blocks
 * of neighbouring images are permuted, and then the images within a window of many blocks, so that
 * an image is read near others that are read at about the same time. Otherwise one permutation of
 * all images. A pure function of its arguments; not thread-safe.
 */
final class EpochOrder {
  private final long key;
  private final int size;
  private final int blockImages;
  private final int windowBlocks;
  private final int blocks;
  private final KeyedPermutation blockOrder;
  private final int lastBlockRank;
  private int window = -1;
  private KeyedPermutation withinWindow;

  /**
   * @param key of this epoch
   * @param size images of an epoch
   * @param blockImages images of a block; the last block may have fewer
   * @param windowImages images of a window, rounded down to blocks but at least one block
   */
  EpochOrder(long key, int size, int blockImages, int windowImages) {
    this.key = key;
    this.size = size;
    this.blockImages = blockImages;
    this.blocks = -Math.floorDiv(-size, blockImages); // rounds up
    this.windowBlocks = windowImages >= size ? blocks : Math.max(1, windowImages / blockImages);
    this.blockOrder = KeyedPermutation.of(KeyedMix.derive(key, 0), blocks);
    this.lastBlockRank = windowBlocks >= blocks ? blocks - 1 : rankOf(blocks - 1);
  }

  /** The image at a position of the epoch, both in 0..size-1. */
  int at(int position) {
    int number = windowAt(position);
    long start = startOf((long) number * windowBlocks);
    long end = startOf(Math.min((number + 1L) * windowBlocks, blocks));
    if (number != window) {
      window = number;
      withinWindow = KeyedPermutation.of(KeyedMix.derive(key, 1L + number), (int) (end - start));
    }
    int shuffled = withinWindow.at((int) (position - start));
    return windowBlocks >= blocks ? shuffled : image(start + shuffled);
  }

  private int windowAt(int position) {
    int number = (int) (position / ((long) windowBlocks * blockImages));
    // The short block makes the windows after it start a little earlier.
    long next = (number + 1L) * windowBlocks;
    return next < blocks && startOf(next) <= position ? number + 1 : number;
  }

  /** How many images the blocks of lower rank have together. */
  private long startOf(long rank) {
    return rank * blockImages - (rank > lastBlockRank ? missing() : 0);
  }

  /** How many images the last block lacks. */
  private long missing() {
    return (long) blocks * blockImages - size;
  }

  /** The image at a place in the row of permuted blocks. */
  private int image(long place) {
    long filled = place < startOf(lastBlockRank + 1L) ? place : place + missing();
    int rank = (int) (filled / blockImages);
    return Math.toIntExact((long) blockOrder.at(rank) * blockImages + filled % blockImages);
  }

  private int rankOf(int block) {
    int rank = 0;
    while (blockOrder.at(rank) != block) {
      rank++;
    }
    return rank;
  }
}
