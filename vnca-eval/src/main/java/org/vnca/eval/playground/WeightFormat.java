package org.vnca.eval.playground;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** In which form the page holds the weights. */
public enum WeightFormat {
  /** As the run has them. */
  FLOAT32(Float.BYTES),

  /**
   * Half as long: 11 significant bits, each tensor with a power of two as its scale, so that its
   * largest number is far from both ends of what the format can say.
   */
  FLOAT16(Short.BYTES);

  private final int bytes;

  WeightFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** As the command line and the page write it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All, as the command line writes them. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(WeightFormat::id).toList();
  }

  /** The one that is written so. */
  public static WeightFormat of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
