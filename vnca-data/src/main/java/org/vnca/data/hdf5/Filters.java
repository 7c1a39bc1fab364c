package org.vnca.data.hdf5;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes what was done to chunks when they were written. Which filters a chunk went through is said
 * by its mask alone: the HDF5 library skips a filter that would make the chunk longer, and what a
 * filter makes may be as long as what it was given.
 */
final class Filters {
  private static final int GZIP = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER = 3;
  private static final int LZF_ID = 32000;
  private static final int FIRST_NAMED = 256;
  private static final int MOST_FILTERS = 32;

  /** What gzip makes is at least a thousandth of what it was given; LZF stays far above. */
  private static final int LARGEST_EXPANSION = 1100;

  /** What a filter may have added to a chunk before the next one had it. */
  private static final int SLACK = 4096;

  static final Filters NONE = new Filters(List.of());

  /** A filter; {@code values} are its own settings. */
  private static final class Filter {
    private final int id;
    private final String name;
    private final int[] values;

    Filter(int id, String name, int[] values) {
      this.id = id;
      this.name = name;
      this.values = values;
    }
  }

  private final List<Filter> filters;

  private Filters(List<Filter> filters) {
    this.filters = List.copyOf(filters);
  }

  static Filters read(Bytes data) {
    int version = data.u8();
    int count = data.u8();
    if ((version != 1 && version != 2) || count > MOST_FILTERS) {
      throw Hdf5Fault.damaged("its filters have version %d, and are %d", version, count);
    }
    if (version == 1) {
      data.skip(6);
    }
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = data.u16();
      int nameLength = version == 1 || id >= FIRST_NAMED ? data.u16() : 0;
      data.skip(2);
      int values = data.u16();
      Bytes name = data.slice(nameLength);
      int[] settings = new int[Math.min(values, data.remaining() / 4)];
      for (int j = 0; j < settings.length; j++) {
        settings[j] = data.i32();
      }
      if (version == 1 && values % 2 == 1 && data.remaining() >= 4) {
        data.skip(4);
      }
      filters.add(new Filter(id, name(id, name), settings));
    }
    return new Filters(filters);
  }

  boolean isEmpty() {
    return filters.isEmpty();
  }

  /**
   * Whether a stored chunk can be as long as a decoded one is said to be; else nothing is
   * allocated.
   */
  boolean mayBecome(long decodedBytes, long storedBytes) {
    return decodedBytes / LARGEST_EXPANSION <= storedBytes + SLACK;
  }

  /**
   * The chunk's elements.
   *
   * @param mask a bit for each filter, lowest first, that this chunk did not go through
   * @param decodedBytes length of what must come out
   */
  byte[] decode(byte[] stored, int mask, int decodedBytes) {
    byte[] bytes = stored;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if ((mask >>> i & 1) == 0) {
        bytes = undo(i, mask, bytes, decodedBytes);
      }
    }
    if (bytes.length != decodedBytes) {
      throw Hdf5Fault.damaged("a chunk has %d bytes of %d", bytes.length, decodedBytes);
    }
    return bytes;
  }

  private byte[] undo(int i, int mask, byte[] bytes, int decodedBytes) {
    Filter filter = filters.get(i);
    return switch (filter.id) {
      case GZIP -> inflate(bytes, expected(i, mask, decodedBytes), decodedBytes);
      case SHUFFLE -> unshuffle(bytes, filter);
      case FLETCHER -> Fletcher32.verified(bytes);
      case LZF_ID -> {
        int expected = expected(i, mask, decodedBytes);
        yield Lzf.decode(bytes, expected < 0 ? most(decodedBytes) : expected);
      }
      default ->
          throw Hdf5Fault.unsupported(
              "write it again with gzip, for instance with h5repack -f GZIP=6",
              "is stored with the filter %s, which is not supported here",
              filter.name);
    };
  }

  /** Bytes that a filter was given, or -1 where one before it makes any number of them. */
  private int expected(int filter, int mask, int decodedBytes) {
    int length = decodedBytes;
    for (int i = 0; i < filter; i++) {
      if ((mask >>> i & 1) == 0) {
        switch (filters.get(i).id) {
          case SHUFFLE -> {}
          case FLETCHER -> length += Fletcher32.BYTES;
          default -> {
            return -1;
          }
        }
      }
    }
    return length;
  }

  private static int most(int decodedBytes) {
    return (int) Math.min(Integer.MAX_VALUE - 8, decodedBytes + decodedBytes / 8L + SLACK);
  }

  private static byte[] inflate(byte[] bytes, int expected, int decodedBytes) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      byte[] decoded = new byte[expected < 0 ? most(decodedBytes) : expected];
      int done = 0;
      while (done < decoded.length && !inflater.finished()) {
        int count = inflater.inflate(decoded, done, decoded.length - done);
        if (count == 0 && !inflater.finished()) {
          throw Hdf5Fault.damaged("a chunk's gzip data end early");
        }
        done += count;
      }
      // The end, with the checksum, comes after the last byte.
      if (!inflater.finished() && (inflater.inflate(new byte[1]) != 0 || !inflater.finished())) {
        throw Hdf5Fault.damaged("a chunk's gzip data do not end where they should");
      }
      return done == decoded.length ? decoded : Arrays.copyOf(decoded, done);
    } catch (DataFormatException e) {
      throw Hdf5Fault.damaged("a chunk is not valid gzip data");
    } finally {
      inflater.end();
    }
  }

  /** The first bytes of all elements were put first, then all second bytes, and so on. */
  private static byte[] unshuffle(byte[] bytes, Filter filter) {
    int size = filter.values.length == 0 ? 0 : filter.values[0];
    if (size < 1) {
      throw Hdf5Fault.damaged("its shuffle filter does not say of how many bytes");
    }
    int elements = bytes.length / size;
    if (size == 1 || elements < 2) {
      return bytes;
    }
    byte[] target = new byte[bytes.length];
    for (int b = 0, from = 0; b < size; b++) {
      for (int i = 0, to = b; i < elements; i++, to += size) {
        target[to] = bytes[from++];
      }
    }
    int whole = elements * size;
    System.arraycopy(bytes, whole, target, whole, bytes.length - whole);
    return target;
  }

  private static String name(int id, Bytes stored) {
    String known =
        switch (id) {
          case GZIP -> "gzip";
          case SHUFFLE -> "shuffle";
          case FLETCHER -> "fletcher32";
          case 4 -> "szip";
          case 5 -> "nbit";
          case 6 -> "scale-offset";
          case LZF_ID -> "lzf";
          case 32001 -> "Blosc";
          case 32004 -> "LZ4";
          case 32008 -> "bitshuffle";
          case 32013 -> "ZFP";
          case 32015 -> "Zstandard";
          case 32026 -> "Blosc2";
          default -> "";
        };
    if (!known.isEmpty()) {
      return known;
    }
    // A name is the file's own text: one short line of it, in any case.
    String own = stored.text(stored.remaining()).replaceAll("\\p{Cntrl}.*", "");
    own = own.length() > 40 ? own.substring(0, 40) : own;
    return own.isBlank() ? "number " + id : "%s (number %d)".formatted(own, id);
  }
}
