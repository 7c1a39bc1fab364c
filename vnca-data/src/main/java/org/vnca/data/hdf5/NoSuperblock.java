package org.vnca.data.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.vnca.base.fault.Hint;

/** What a file is that has no HDF5 signature, as far as it can be told, and what to do. */
enum NoSuperblock {
  LFS_POINTER(
      "version https://git-lfs.github.com/",
      "is a pointer of Git LFS in its place; get the file itself: git lfs pull"),
  GZIP("\u001F\u008B", "is compressed by gzip; unpack it: gunzip"),
  ZIP("PK\u0003\u0004", "is a zip; unpack it, or import its pictures (%s)"),
  OTHER("", "has no HDF5 signature; make one (%s)");

  private final byte[] start;
  private final String words;

  NoSuperblock(String start, String words) {
    this.start = start.getBytes(StandardCharsets.ISO_8859_1);
    this.words = words;
  }

  /** What it is, by its first bytes. */
  static NoSuperblock of(ByteSource source) throws IOException {
    for (NoSuperblock kind : values()) {
      ByteBuffer found = ByteBuffer.allocate(kind.start.length);
      while (found.hasRemaining() && source.read(found, found.position()) > 0) {
        // Until all of it is there.
      }
      if (!found.hasRemaining() && found.flip().equals(ByteBuffer.wrap(kind.start))) {
        return kind;
      }
    }
    return OTHER;
  }

  /** The rest of a sentence about the file. */
  String words() {
    return words.formatted(Hint.command("help data import"));
  }
}
