package org.vnca.data.hdf5;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The beginning of a file, versions 0 to 3.
 *
 * @param bytes the file, by address
 * @param root address of the root group's object header
 * @param promised length that the file must have
 */
record Superblock(FileBytes bytes, long root, long promised) {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  private static final int FIRST_USER_BLOCK = 512;
  private static final int LONGEST = 128;

  /** Flags of version 3: somebody had the file open for writing, alone or with readers. */
  private static final int BEING_WRITTEN = 0b101;

  /**
   * Reads a file's superblock.
   *
   * @return empty where the file has no HDF5 signature
   */
  static Optional<Superblock> read(ByteSource source) throws IOException {
    long size = source.size();
    // The signature stands at byte 0, or after a user block of 512, 1024, 2048, ... bytes.
    for (long at = 0; at + SIGNATURE.length <= size; at = at == 0 ? FIRST_USER_BLOCK : 2 * at) {
      byte[] start = new byte[(int) Math.min(LONGEST, size - at)];
      ByteBuffer buffer = ByteBuffer.wrap(start);
      while (buffer.hasRemaining()) {
        if (source.read(buffer, at + buffer.position()) < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
      }
      if (Arrays.equals(Arrays.copyOf(start, SIGNATURE.length), SIGNATURE)) {
        return Optional.of(parse(source, at, size, start));
      }
    }
    return Optional.empty();
  }

  private static Superblock parse(ByteSource source, long base, long size, byte[] start) {
    int version = start.length > SIGNATURE.length ? start[SIGNATURE.length] : -1;
    return switch (version) {
      case 0, 1 -> old(source, base, size, start, version);
      case 2, 3 -> recent(source, base, size, start, version);
      default ->
          throw Hdf5Fault.unsupported(
              "write it again with h5py's default libver",
              "has a superblock of version %d; 0 to 3 are known",
              version);
    };
  }

  private static Superblock old(
      ByteSource source, long base, long size, byte[] start, int version) {
    Bytes head = new Bytes(start, SIGNATURE.length + 5, start.length, 8, 8);
    FileBytes bytes = new FileBytes(source, base, size, width(head.u8()), width(head.u8()));
    Bytes rest = bytes.cursor(start, start.length);
    rest.skip(head.position() + 9 + (version == 1 ? 4 : 0));
    long stored = rest.offset();
    rest.offset(); // free space
    long end = rest.offset();
    if (rest.offset() != Bytes.UNDEFINED) {
      throw family();
    }
    rest.length(); // the root's name: the library gives it a length's bytes
    return new Superblock(bytes, rest.offset(), end - stored + base);
  }

  private static Superblock recent(
      ByteSource source, long base, long size, byte[] start, int version) {
    Bytes head = new Bytes(start, SIGNATURE.length + 1, start.length, 8, 8);
    FileBytes bytes = new FileBytes(source, base, size, width(head.u8()), width(head.u8()));
    int flags = head.u8();
    if (version == 3 && (flags & BEING_WRITTEN) != 0) {
      throw Hdf5Fault.unsupported(
          "close it there, or run h5clear -s on a copy of it",
          "is being written by another program, or was not closed");
    }
    Bytes rest = bytes.cursor(start, start.length);
    rest.skip(head.position());
    long stored = rest.offset();
    rest.offset(); // the extension
    long end = rest.offset();
    long root = rest.offset();
    int length = rest.position() + Integer.BYTES;
    if (length > start.length) {
      throw Hdf5Fault.damaged("its superblock ends too early");
    }
    FileBytes.requireChecksum(Arrays.copyOf(start, length), "its superblock");
    return new Superblock(bytes, root, end - stored + base);
  }

  private static int width(int bytes) {
    if (bytes != 2 && bytes != 4 && bytes != 8) {
      throw Hdf5Fault.damaged("its addresses or lengths have %d bytes", bytes);
    }
    return bytes;
  }

  private static Hdf5Fault family() {
    return Hdf5Fault.unsupported(
        "join it into one file with h5repack", "is one part of a file that is spread over several");
  }
}
