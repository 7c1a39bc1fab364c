package org.vnca.data;

import java.io.Closeable;
import java.io.IOException;
import org.vnca.data.fault.DatasetException;

/** Images handed over one after the other, so that none but the current one is in memory. */
public interface ImageSource extends Closeable {
  /**
   * Fills in the next image.
   *
   * @param image {@code [H, W, C]}, uint8
   * @return false, with {@code image} untouched, once there are no more
   * @throws IOException if reading fails
   * @throws DatasetException if what is read breaks its format
   */
  boolean next(byte[] image) throws IOException;
}
