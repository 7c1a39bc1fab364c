package org.vnca.data;

import io.jhdf.api.dataset.ChunkedDataset;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Images that lie in chunks, compressed or not. A block is a row of chunks: all that share their
 * range of images. It is decoded whole and kept in the cache for the next images asked of it.
 */
final class ChunkedImages implements ImageStorage {
  private final ChunkedDataset dataset;
  private final String where;
  private final BlockCache cache;
  private final int[] dimensions;
  private final int[] chunk;
  private final int imageBytes;
  private final ChunkFilters filters;

  /**
   * @param where names the dataset in messages
   * @throws DatasetException if a block of chunks would not fit into one array
   */
  ChunkedImages(ChunkedDataset dataset, String where, BlockCache cache) {
    this.dataset = dataset;
    this.where = where;
    this.cache = cache;
    this.dimensions = dataset.getDimensions();
    this.chunk = dataset.getChunkDimensions();
    this.imageBytes = Arrays.stream(dimensions).skip(1).reduce(1, Math::multiplyExact);
    long blockBytes = (long) Math.min(chunk[0], dimensions[0]) * imageBytes;
    long chunkBytes = Arrays.stream(chunk).asLongStream().reduce(1, Math::multiplyExact);
    if (Math.max(blockBytes, chunkBytes) > Integer.MAX_VALUE - 8) {
      throw new DatasetException(
          "%s: a chunk spans %d images, too many to decode at once; write the file again in chunks of 64 images"
              .formatted(where, chunk[0]));
    }
    this.filters = new ChunkFilters(dataset.getFilters(), (int) chunkBytes);
  }

  @Override
  public void read(int[] indices, byte[] target) {
    // Sorted by block, so that each is looked up once; the low half remembers the place.
    long[] order =
        IntStream.range(0, indices.length)
            .mapToLong(place -> (long) indices[place] << Integer.SIZE | place)
            .sorted()
            .toArray();
    byte[] block = null;
    int loaded = -1;
    for (long entry : order) {
      int index = (int) (entry >>> Integer.SIZE);
      int number = index / chunk[0];
      if (block == null || number != loaded) {
        block = block(number);
        loaded = number;
      }
      int from = (index - number * chunk[0]) * imageBytes;
      System.arraycopy(block, from, target, (int) entry * imageBytes, imageBytes);
    }
  }

  @Override
  public int imagesPerBlock() {
    return chunk[0];
  }

  private byte[] block(int number) {
    BlockCache.Key key = new BlockCache.Key(this, number);
    return cache
        .find(key)
        .orElseGet(
            () -> {
              byte[] decoded = decode(number);
              cache.keep(key, decoded);
              return decoded;
            });
  }

  private byte[] decode(int number) {
    int[] offset = new int[dimensions.length];
    offset[0] = number * chunk[0];
    int images = Math.min(chunk[0], dimensions[0] - offset[0]);
    if (spansWholeImages()) {
      byte[] decoded = chunkAt(offset);
      int length = images * imageBytes;
      return length == decoded.length ? decoded : Arrays.copyOf(decoded, length);
    }
    byte[] block = new byte[images * imageBytes];
    decodeTiles(1, offset, images, block);
    return block;
  }

  private boolean spansWholeImages() {
    return IntStream.range(1, chunk.length).allMatch(axis -> chunk[axis] == dimensions[axis]);
  }

  /** Visits every chunk of the block: h5py's automatic chunks cut images into tiles. */
  private void decodeTiles(int axis, int[] offset, int images, byte[] block) {
    if (axis == dimensions.length) {
      copyTile(chunkAt(offset), offset, images, block);
      return;
    }
    for (int start = 0; start < dimensions[axis]; start += chunk[axis]) {
      offset[axis] = start;
      decodeTiles(axis + 1, offset, images, block);
    }
    offset[axis] = 0;
  }

  private void copyTile(byte[] tile, int[] offset, int images, byte[] block) {
    for (int image = 0; image < images; image++) {
      copyAxis(1, tile, image, offset, block, image);
    }
  }

  /** Copies one axis of a tile; {@code from} and {@code to} count elements of the axes before. */
  private void copyAxis(int axis, byte[] tile, int from, int[] offset, byte[] block, int to) {
    int length = Math.min(chunk[axis], dimensions[axis] - offset[axis]);
    int source = from * chunk[axis];
    int sink = to * dimensions[axis] + offset[axis];
    if (axis == dimensions.length - 1) {
      System.arraycopy(tile, source, block, sink, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      copyAxis(axis + 1, tile, source + i, offset, block, sink + i);
    }
  }

  private byte[] chunkAt(int[] offset) {
    String place = "%s, chunk at %s,".formatted(where, Arrays.toString(offset));
    ByteBuffer stored;
    try {
      stored = dataset.getRawChunkBuffer(offset);
    } catch (RuntimeException e) { // jHDF's own, and what a damaged index makes it run into
      throw new DatasetException(place + " is not in the file; copy or write it again", e);
    }
    byte[] bytes = new byte[stored.remaining()];
    stored.get(bytes);
    return filters.decode(bytes, place);
  }
}
