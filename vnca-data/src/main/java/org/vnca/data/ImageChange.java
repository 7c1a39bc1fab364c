package org.vnca.data;

/** Changes the pixels of an image in place, whenever it is read. */
@FunctionalInterface
public interface ImageChange {
  /**
   * Changes it. What becomes of it may depend on its number and its pixels alone.
   *
   * @param index its number in its split
   * @param images uint8, one after another
   * @param from its first byte among them
   * @param length how many it has
   */
  void apply(int index, byte[] images, int from, int length);
}
