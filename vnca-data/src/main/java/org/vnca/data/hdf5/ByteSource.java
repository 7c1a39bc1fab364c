package org.vnca.data.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes that are read at any place: those of a file on disk, or of one in memory. */
interface ByteSource {
  /** How many. */
  long size() throws IOException;

  /**
   * Reads some.
   *
   * @return how many; -1 at the end
   * @throws ClosedChannelException after {@link #close}
   */
  int read(ByteBuffer target, long at) throws IOException;

  void close() throws IOException;

  /** Those of a file. */
  static ByteSource open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return new ByteSource() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public int read(ByteBuffer target, long at) throws IOException {
        return channel.read(target, at);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /** Those of an array, which must not change. */
  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      private volatile boolean open = true;

      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(ByteBuffer target, long at) throws IOException {
        if (!open) {
          throw new ClosedChannelException();
        }
        int count = (int) Math.min(target.remaining(), bytes.length - at);
        if (count <= 0) {
          return -1;
        }
        target.put(bytes, (int) at, count);
        return count;
      }

      @Override
      public void close() {
        open = false;
      }
    };
  }
}
