package org.vnca.data.hdf5;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of an open file, by address, held against its length before anything is allocated. The
 * pieces of structure that were read last are kept, within {@value #KEPT_BYTES} bytes. Thread-safe.
 */
final class FileBytes {
  /** A bound on one read, so that the JDK's per-thread transfer buffer stays small. */
  private static final int LONGEST_READ = 1 << 20;

  /** No single structure of a file is longer, save indexes, which are read in parts. */
  private static final int LONGEST_STRUCTURE = 64 << 20;

  private static final int KEPT_BYTES = 8 << 20;
  private static final int CHECKSUM_BYTES = 4;

  private final ByteSource source;
  private final long base;
  private final long end;
  private final int offsetBytes;
  private final int lengthBytes;
  private final Map<Long, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;

  /**
   * @param base what addresses count from
   * @param end the file's length
   * @param offsetBytes width of an address
   * @param lengthBytes width of a length
   */
  FileBytes(ByteSource source, long base, long end, int offsetBytes, int lengthBytes) {
    this.source = source;
    this.base = base;
    this.end = end;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
  }

  int offsetBytes() {
    return offsetBytes;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  /** Bytes that addresses can reach. */
  long length() {
    return end - base;
  }

  /** Fails unless the bytes are in the file. */
  void require(long address, long count, String what) {
    if (address < 0 || count < 0 || count > length() || address > length() - count) {
      throw Hdf5Fault.damaged(
          "%s lies at byte %s, beyond the end of the file", what, Long.toUnsignedString(address));
    }
  }

  /** Reads data into an array. */
  void read(long address, byte[] target, int from, int count, String what) {
    require(address, count, what);
    try {
      for (int done = 0; done < count; ) {
        int piece = Math.min(count - done, LONGEST_READ);
        int got = source.read(ByteBuffer.wrap(target, from + done, piece), base + address + done);
        if (got < 0) {
          throw new EOFException("the file ends at byte " + (base + address + done));
        }
        done += got;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a structure. */
  Bytes structure(long address, long count, String what) {
    byte[] data = fresh(address, count, what);
    return cursor(data, data.length);
  }

  /** Reads a structure that is asked for again and again. */
  Bytes kept(long address, long count, String what) {
    byte[] data = find(address, count);
    if (data == null) {
      data = fresh(address, count, what);
      keep(address, data);
    }
    return cursor(data, data.length);
  }

  /**
   * Reads a structure that ends in a checksum, and verifies it.
   *
   * @param count bytes, those of the checksum among them
   * @return what is before the checksum
   */
  Bytes verified(long address, long count, String what) {
    byte[] data = find(address, count);
    if (data == null) {
      data = fresh(address, count, what);
      requireChecksum(data, what);
      keep(address, data);
    }
    return cursor(data, data.length - CHECKSUM_BYTES);
  }

  static void requireChecksum(byte[] data, String what) {
    int length = data.length - CHECKSUM_BYTES;
    if (length < 0) {
      throw Hdf5Fault.damaged("%s is too short to hold its checksum", what);
    }
    int stored =
        (data[length] & 0xFF)
            | (data[length + 1] & 0xFF) << 8
            | (data[length + 2] & 0xFF) << 16
            | (data[length + 3] & 0xFF) << 24;
    if (stored != Lookup3.hash(data, 0, length)) {
      throw Hdf5Fault.damaged("%s does not match its checksum", what);
    }
  }

  Bytes cursor(byte[] data, int until) {
    return new Bytes(data, 0, until, offsetBytes, lengthBytes);
  }

  private byte[] fresh(long address, long count, String what) {
    require(address, count, what);
    if (count > LONGEST_STRUCTURE) {
      throw Hdf5Fault.damaged("%s claims to have %d bytes", what, count);
    }
    byte[] data = new byte[(int) count];
    read(address, data, 0, data.length, what);
    return data;
  }

  private synchronized byte[] find(long address, long count) {
    byte[] data = kept.get(address);
    return data == null || data.length != count ? null : data;
  }

  private synchronized void keep(long address, byte[] data) {
    byte[] before = kept.put(address, data);
    keptBytes += data.length - (before == null ? 0 : before.length);
    var oldest = kept.entrySet().iterator();
    while (keptBytes > KEPT_BYTES && kept.size() > 1) {
      keptBytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }
}
