package org.vnca.data;

import java.io.IOException;

/** How the images of one split lie in the file. Implementations are thread-safe. */
interface ImageStorage {
  /**
   * Copies images into {@code target}, one after the other in the order of {@code indices}.
   *
   * @param indices valid image numbers
   * @param target {@code [indices.length, H, W, C]}, uint8
   * @throws IOException if the file cannot be read
   * @throws DatasetException if what it holds is damaged
   */
  void read(int[] indices, byte[] target) throws IOException;

  /** How many neighbouring images are stored, and so best read, together. */
  int imagesPerBlock();
}
