package org.vnca.data.imports;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Keeps the pictures that are being decoded at one time within the memory that there is: a large
 * one waits for others to be done, and one that cannot fit is refused.
 */
final class PictureMemory {
  /** Of all pictures together; the rest is for files, the writer and the program. */
  private static final PictureMemory SHARED =
      new PictureMemory(Runtime.getRuntime().maxMemory() / 2);

  /** More is no photograph but an attack, or a map: a file of few bytes can ask for gigapixels. */
  private static final long MOST_PIXELS = 250_000_000;

  /** Decoded samples, of 16 bits and four channels at most, and the same as floats. */
  private static final int BYTES_PER_PIXEL = 8 + Pixmap.CHANNELS * Float.BYTES + 4;

  private static final int UNIT = 1 << 10;
  private static final int MIB = 1 << 20;

  private final int units;
  private final Semaphore free;

  /**
   * @param bytes that pictures may take
   */
  PictureMemory(long bytes) {
    this.units = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
    this.free = new Semaphore(units, true);
  }

  /** A picture's share, none of it taken yet. */
  static Share share() {
    return SHARED.new Share();
  }

  /** What a picture takes, until it is closed. */
  final class Share implements AutoCloseable {
    private int taken;

    /**
     * Waits until there is room.
     *
     * @throws IOException if there can never be
     */
    void take(long width, long height) throws IOException {
      long pixels = width * height;
      if (width < 1 || height < 1) {
        throw new IOException("has no pixels: %d x %d".formatted(width, height));
      }
      if (pixels > MOST_PIXELS) {
        throw new IOException(
            "has %,d x %,d pixels; %,d in all are the most that are read"
                .formatted(width, height, MOST_PIXELS));
      }
      long needed = 1 + pixels * BYTES_PER_PIXEL / UNIT;
      if (needed > units) {
        throw new IOException(
            "has %,d x %,d pixels, which take %,d MiB of memory, but there are %,d MiB for them;"
                    .formatted(width, height, needed * UNIT / MIB, (long) units * UNIT / MIB)
                + " give the program more (VNCA_JAVA_OPTS=-Xmx8g), or make it smaller");
      }
      int more = (int) needed - taken;
      if (more > 0) {
        free.release(taken);
        taken = 0;
        free.acquireUninterruptibly((int) needed);
        taken = (int) needed;
      }
    }

    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
