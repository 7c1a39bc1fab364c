package org.vnca.graph.spec;

/**
 * Shape of one image, channels last.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 for grey or binary, 3 for RGB
 */
public record ImageShape(int height, int width, int channels) {
  public ImageShape {
    InvalidSetting.requireAtLeast("height", height, 1);
    InvalidSetting.requireAtLeast("width", width, 1);
    InvalidSetting.requireAtLeast("channels", channels, 1);
  }

  /** Values per image: the D of bits per dimension. */
  public int dimensions() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
