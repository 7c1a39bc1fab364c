package org.vnca.train.picture;

/**
 * An image of which each pixel is a square of pixels: for programs that smooth images whatever they
 * are told, so that they blur no more than the squares' edges.
 */
record Enlarged(PixelImage image, int times) implements Pixels {
  /** A side of so many pixels is enough. */
  private static final int ENOUGH = 192;

  /** As large as is needed. */
  static Enlarged of(PixelImage image) {
    int side = Math.max(image.width(), image.height());
    return new Enlarged(image, Math.max(1, (ENOUGH + side - 1) / side));
  }

  @Override
  public int width() {
    return image.width() * times;
  }

  @Override
  public int height() {
    return image.height() * times;
  }

  @Override
  public int rgb(int x, int y) {
    return image.rgb(x / times, y / times);
  }
}
