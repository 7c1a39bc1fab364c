package org.vnca.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.vnca.data.fault.DatasetException;

/** Images handed over one after the other, so that none but the current one is in memory. */
public interface ImageSource extends Closeable {
  /**
   * Images that are in memory.
   *
   * @param images each {@code [H, W, C]}, uint8
   */
  static ImageSource of(List<byte[]> images) {
    Iterator<byte[]> left = List.copyOf(images).iterator();
    return new ImageSource() {
      @Override
      public boolean next(byte[] image) {
        if (!left.hasNext()) {
          return false;
        }
        System.arraycopy(left.next(), 0, image, 0, image.length);
        return true;
      }

      @Override
      public void close() {}
    };
  }

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
