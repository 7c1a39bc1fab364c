package org.vnca.data.hdf5;

/** Reads the message that says how an array's elements lie in the file, versions 1 to 5. */
final class Layout {
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;
  private static final int CHUNKED = 2;
  private static final int VIRTUAL = 3;
  private static final int PLAIN_EDGES = 1;
  private static final int FILTERED_SINGLE = 2;

  private final FileBytes file;
  private final ChunkCache cache;
  private final ObjectHeader header;
  private final Dataspace space;
  private final int rowBytes;
  private final byte[] fill;
  private final Filters filters;

  private Layout(
      FileBytes file,
      ChunkCache cache,
      ObjectHeader header,
      Dataspace space,
      int rowBytes,
      byte[] fill) {
    this.file = file;
    this.cache = cache;
    this.header = header;
    this.space = space;
    this.rowBytes = rowBytes;
    this.fill = fill;
    this.filters = header.find(ObjectHeader.FILTERS).map(Filters::read).orElse(Filters.NONE);
  }

  /**
   * The storage of an array.
   *
   * @param rowBytes of all elements that share an index of the first axis
   * @param elementBytes of one element
   */
  static Storage read(
      FileBytes file,
      ChunkCache cache,
      ObjectHeader header,
      Dataspace space,
      int rowBytes,
      int elementBytes) {
    if (header.has(ObjectHeader.EXTERNAL_FILES)) {
      throw Hdf5Fault.unsupported(
          "write it again into one file, for instance with h5repack",
          "keeps its data in other files (external storage)");
    }
    byte[] fill = FillValue.read(header, elementBytes);
    return new Layout(file, cache, header, space, rowBytes, fill).storage();
  }

  private Storage storage() {
    Bytes data = header.get(ObjectHeader.LAYOUT, "layout");
    int version = data.u8();
    if (version == 1 || version == 2) {
      return old(data);
    }
    if (version < 1 || version > 5) {
      throw Hdf5Fault.unsupported(
          "write it again with h5py's default libver", "has a layout of version %d", version);
    }
    int kind = data.u8();
    return switch (kind) {
      case COMPACT -> compact(data.take(data.u16()));
      case CONTIGUOUS -> contiguous(data.offset());
      case CHUNKED -> version == 3 ? chunkedBTree(data) : chunked(data);
      case VIRTUAL ->
          throw Hdf5Fault.unsupported(
              "copy it with h5py, which makes it an ordinary dataset",
              "is a virtual dataset, put together from others");
      default -> throw Hdf5Fault.damaged("its layout is of kind %d", kind);
    };
  }

  /** Versions 1 and 2, of HDF5 before 1.6. */
  private Storage old(Bytes data) {
    int rank = data.u8();
    int kind = data.u8();
    data.skip(5);
    long address = kind == COMPACT ? Bytes.UNDEFINED : data.offset();
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = data.count32();
    }
    return switch (kind) {
      case COMPACT -> compact(data.take(data.count32()));
      case CONTIGUOUS -> contiguous(address);
      case CHUNKED -> chunkedBTree(address, longs(sizes));
      default -> throw Hdf5Fault.damaged("its layout is of kind %d", kind);
    };
  }

  private static long[] longs(int[] values) {
    long[] longs = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      longs[i] = values[i];
    }
    return longs;
  }

  private Storage compact(byte[] data) {
    if (data.length < allBytes()) {
      throw Hdf5Fault.damaged("its header has %d bytes of %d", data.length, allBytes());
    }
    return PlainStorage.compact(data, rowBytes);
  }

  private Storage contiguous(long address) {
    return PlainStorage.contiguous(file, address, allBytes(), rowBytes, fill);
  }

  private long allBytes() {
    return Dataspace.times(space.elements(), fill.length);
  }

  private Storage chunkedBTree(Bytes data) {
    int rank = data.u8();
    long address = data.offset();
    long[] sizes = new long[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = data.u32();
    }
    return chunkedBTree(address, sizes);
  }

  private Storage chunkedBTree(long address, long[] sizes) {
    long[] chunk = chunk(sizes);
    return address == Bytes.UNDEFINED
        ? contiguous(address)
        : chunked(new BTree1Chunks(file, address, chunk), chunk, false);
  }

  private Storage chunked(Bytes data) {
    int flags = data.u8();
    int rank = data.u8();
    int width = data.u8();
    if (width < 1 || width > 8) {
      throw Hdf5Fault.damaged("its chunks' lengths have %d bytes", width);
    }
    long[] sizes = new long[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = data.unsigned(width);
    }
    long[] chunk = chunk(sizes);
    ChunkIndex index = index(data, flags, chunk);
    return index == null
        ? contiguous(Bytes.UNDEFINED)
        : chunked(index, chunk, (flags & PLAIN_EDGES) != 0);
  }

  /** The index that a message of version 4 or 5 names; null where no chunk was ever written. */
  private ChunkIndex index(Bytes data, int flags, long[] chunk) {
    boolean filtered = !filters.isEmpty();
    int kind = data.u8();
    switch (kind) {
      case 1 -> {
        boolean said = (flags & FILTERED_SINGLE) != 0;
        long bytes = said ? data.length() : -1;
        int mask = said ? data.i32() : 0;
        long address = data.offset();
        return address == Bytes.UNDEFINED
            ? null
            : scaled -> new ChunkIndex.Place(address, bytes, mask);
      }
      case 2 -> {
        long address = data.offset();
        ChunkNumbers numbers = new ChunkNumbers(space.most(), chunk, false);
        long bytes = chunkBytes(chunk);
        return address == Bytes.UNDEFINED
            ? null
            : scaled ->
                new ChunkIndex.Place(address + Dataspace.times(numbers.of(scaled), bytes), -1, 0);
      }
      case 3 -> {
        data.skip(1);
        long address = data.offset();
        return address == Bytes.UNDEFINED
            ? null
            : new FixedArrayChunks(
                file, address, new ChunkNumbers(space.most(), chunk, false), filtered);
      }
      case 4 -> {
        data.skip(5);
        long address = data.offset();
        return address == Bytes.UNDEFINED
            ? null
            : new ExtensibleArrayChunks(
                file, address, new ChunkNumbers(space.most(), chunk, true), filtered);
      }
      case 5 -> {
        data.skip(6);
        long address = data.offset();
        return address == Bytes.UNDEFINED
            ? null
            : new BTree2Chunks(file, address, chunk.length, filtered);
      }
      default -> throw Hdf5Fault.damaged("its chunks have an index of kind %d", kind);
    }
  }

  private long chunkBytes(long[] chunk) {
    long bytes = fill.length;
    for (long length : chunk) {
      bytes = Dataspace.times(bytes, length);
    }
    return bytes;
  }

  private Storage chunked(ChunkIndex index, long[] chunk, boolean plainEdges) {
    return new ChunkedStorage(
        file,
        cache,
        index,
        new ChunkedStorage.FilteredChunks(filters, plainEdges),
        fill,
        space.dimensions(),
        chunk);
  }

  /** The lengths of a chunk's axes; the message has the elements' size as one more. */
  private long[] chunk(long[] sizes) {
    int rank = space.dimensions().length;
    if (rank == 0 || sizes.length != rank + 1 || sizes[rank] != fill.length) {
      throw Hdf5Fault.damaged(
          "its chunks have %d axes, and elements of another size or shape", sizes.length - 1);
    }
    long[] chunk = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      chunk[axis] = sizes[axis];
      if (chunk[axis] < 1 || chunk[axis] > Integer.MAX_VALUE) {
        throw Hdf5Fault.damaged("its chunks are %s long", Long.toUnsignedString(chunk[axis]));
      }
    }
    return chunk;
  }
}
