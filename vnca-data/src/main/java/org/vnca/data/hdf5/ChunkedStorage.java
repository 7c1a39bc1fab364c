package org.vnca.data.hdf5;

import java.util.Optional;

/**
 * Elements in chunks, filtered or not. A chunk is decoded whole and kept in the cache for the next
 * rows asked of it; one that was never written is the fill value.
 */
final class ChunkedStorage implements Storage {
  private final FileBytes file;
  private final ChunkCache cache;
  private final ChunkIndex index;
  private final Filters filters;
  private final boolean plainEdges;
  private final byte[] fill;
  private final long[] dimensions;
  private final int[] chunk;
  private final int chunkBytes;
  private final int rowBytes;

  /**
   * How chunks were filtered.
   *
   * @param plainEdges whether chunks that reach beyond the array were not
   */
  record FilteredChunks(Filters filters, boolean plainEdges) {}

  /** From here on chunks are as long as the array, so that what lies behind is one piece. */
  private final int runAxis;

  /** Bytes of what lies behind an axis, in a chunk and in the array. */
  private final int[] chunkStrides;

  private final int[] rowStrides;

  /**
   * @param filters what chunks went through
   * @param fill the bytes of an element that was never written
   * @param chunkLengths lengths of a chunk's axes
   */
  ChunkedStorage(
      FileBytes file,
      ChunkCache cache,
      ChunkIndex index,
      FilteredChunks filters,
      byte[] fill,
      long[] dimensions,
      long[] chunkLengths) {
    this.file = file;
    this.cache = cache;
    this.index = index;
    this.filters = filters.filters();
    this.plainEdges = filters.plainEdges();
    this.fill = fill;
    this.dimensions = dimensions;
    int rank = dimensions.length;
    long bytes = fill.length;
    long row = fill.length;
    this.chunk = new int[rank];
    this.chunkStrides = new int[rank];
    this.rowStrides = new int[rank];
    for (int axis = rank - 1; axis >= 0; axis--) {
      chunkStrides[axis] = (int) bytes;
      rowStrides[axis] = (int) row;
      bytes = Dataspace.times(bytes, chunkLengths[axis]);
      requireMemory(bytes);
      chunk[axis] = (int) chunkLengths[axis];
      row = axis == 0 ? row : row * dimensions[axis];
    }
    this.chunkBytes = (int) bytes;
    this.rowBytes = (int) row;
    int axis = rank;
    while (axis > 1 && chunk[axis - 1] == dimensions[axis - 1]) {
      axis--;
    }
    this.runAxis = Math.max(0, axis - 1);
  }

  @Override
  public void read(RowSet rows, byte[] target) {
    for (int i = 0; i < rows.count(); ) {
      long number = rows.row(i) / chunk[0];
      int end = i + 1;
      while (end < rows.count() && rows.row(end) / chunk[0] == number) {
        end++;
      }
      readTiles(rows, i, end, number, target);
      i = end;
    }
  }

  @Override
  public int rowsPerChunk() {
    return (int) Math.min(chunk[0], Math.max(1, dimensions[0]));
  }

  /** Visits every chunk that holds a part of some rows: automatic chunks cut rows into tiles. */
  private void readTiles(RowSet rows, int from, int end, long number, byte[] target) {
    int rank = dimensions.length;
    long[] scaled = new long[rank];
    scaled[0] = number;
    int axis;
    do {
      byte[] tile = chunkAt(scaled);
      for (int i = from; i < end; ) {
        int run = runAxis == 0 ? rows.run(i, end) : 1;
        int source = (int) (rows.row(i) - number * chunk[0]) * chunkStrides[0];
        int sink = rows.place(i) * rowBytes;
        copy(Math.min(1, runAxis), scaled, tile, source, target, sink, run);
        i += run;
      }
      for (axis = rank - 1; axis > 0; axis--) {
        if ((scaled[axis] + 1) * chunk[axis] < dimensions[axis]) {
          scaled[axis]++;
          break;
        }
        scaled[axis] = 0;
      }
    } while (axis > 0);
  }

  /** Copies one axis of a tile; {@code source} and {@code sink} say where the axes before begin. */
  private void copy(
      int axis, long[] scaled, byte[] tile, int source, byte[] target, int sink, int run) {
    if (axis == 0) {
      put(tile, source, target, sink, run * rowBytes);
      return;
    }
    long start = scaled[axis] * chunk[axis];
    int length = (int) Math.min(chunk[axis], dimensions[axis] - start);
    int to = sink + (int) start * rowStrides[axis];
    if (axis == runAxis) {
      put(tile, source, target, to, length * rowStrides[axis]);
      return;
    }
    for (int i = 0; i < length; i++) {
      copy(
          axis + 1,
          scaled,
          tile,
          source + i * chunkStrides[axis],
          target,
          to + i * rowStrides[axis],
          run);
    }
  }

  private void put(byte[] tile, int source, byte[] target, int sink, int count) {
    if (tile == null) {
      Storage.fill(target, sink, count, fill);
    } else {
      System.arraycopy(tile, source, target, sink, count);
    }
  }

  /** A decoded chunk; null where it was never written. */
  private byte[] chunkAt(long[] scaled) {
    long number = 0;
    for (int axis = 0; axis < scaled.length; axis++) {
      number = number * ((dimensions[axis] - 1) / chunk[axis] + 1) + scaled[axis];
    }
    ChunkCache.Key key = new ChunkCache.Key(this, number);
    Optional<byte[]> known = cache.find(key);
    if (known.isPresent()) {
      return known.get();
    }
    ChunkIndex.Place place = index.find(scaled);
    if (place == null || place.address() == Bytes.UNDEFINED) {
      return null;
    }
    byte[] decoded = decode(place, scaled);
    cache.keep(key, decoded);
    return decoded;
  }

  private byte[] decode(ChunkIndex.Place place, long[] scaled) {
    boolean plain = filters.isEmpty() || (plainEdges && reachesBeyond(scaled));
    long stored = place.bytes() < 0 ? chunkBytes : place.bytes();
    if (plain && stored != chunkBytes) {
      throw Hdf5Fault.damaged("a chunk has %d bytes of %d", stored, chunkBytes);
    }
    file.require(place.address(), stored, "a chunk");
    requireMemory(stored);
    if (!plain && !filters.mayBecome(chunkBytes, stored)) {
      throw Hdf5Fault.damaged("a chunk of %d bytes is stored in %d", chunkBytes, stored);
    }
    byte[] bytes = new byte[(int) stored];
    file.read(place.address(), bytes, 0, bytes.length, "a chunk");
    return plain ? bytes : filters.decode(bytes, place.mask(), chunkBytes);
  }

  private boolean reachesBeyond(long[] scaled) {
    for (int axis = 0; axis < scaled.length; axis++) {
      if ((scaled[axis] + 1) * chunk[axis] > dimensions[axis]) {
        return true;
      }
    }
    return false;
  }

  private static void requireMemory(long bytes) {
    long most = Math.min(Integer.MAX_VALUE - 8L, Runtime.getRuntime().maxMemory() / 3);
    if (bytes > most) {
      throw Hdf5Fault.unsupported(
          "write it again in chunks of 64 images, or give the program more memory",
          "has chunks of %d bytes or more, too many to decode at once",
          bytes);
    }
  }
}
