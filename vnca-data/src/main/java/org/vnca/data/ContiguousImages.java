package org.vnca.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Images that lie in the file one after the other, uncompressed: a random image is one positional
 * read. jHDF's own slicing reads each innermost row by itself, some hundred times slower.
 */
final class ContiguousImages implements ImageStorage {
  /** A bound on one read, so that the JDK's per-thread transfer buffer stays small. */
  private static final int LONGEST_READ = 4 << 20;

  private final FileChannel channel;
  private final long address;
  private final int imageBytes;

  /**
   * @param address the first image's first byte, counted from the start of the file
   */
  ContiguousImages(FileChannel channel, long address, int imageBytes) {
    this.channel = channel;
    this.address = address;
    this.imageBytes = imageBytes;
  }

  @Override
  public void read(int[] indices, byte[] target) throws IOException {
    int longestRun = Math.max(1, LONGEST_READ / imageBytes);
    for (int i = 0; i < indices.length; ) {
      int run = 1;
      while (run < longestRun && i + run < indices.length && indices[i + run] == indices[i] + run) {
        run++;
      }
      ByteBuffer buffer = ByteBuffer.wrap(target, i * imageBytes, run * imageBytes);
      readFully(buffer, address + (long) indices[i] * imageBytes);
      i += run;
    }
  }

  @Override
  public int imagesPerBlock() {
    return 1;
  }

  private void readFully(ByteBuffer buffer, long position) throws IOException {
    long next = position;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, next);
      if (count < 0) {
        throw new EOFException("the file ends at byte " + next);
      }
      next += count;
    }
  }
}
