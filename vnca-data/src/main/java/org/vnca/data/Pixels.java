package org.vnca.data;

import java.util.Arrays;
import java.util.Locale;
import org.vnca.data.fault.DatasetException;

/** What a pixel's byte means. */
public enum Pixels {
  /** 0 or 1. */
  BINARY,
  /** A grey or colour value, 0 to 255. */
  UINT8;

  /** The word that stands in the file's root attribute {@code pixels}. */
  public String attribute() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The meaning that the attribute's word stands for.
   *
   * @throws DatasetException if the word is none of {@link #attribute()}
   */
  static Pixels ofAttribute(String location, String word) {
    return Arrays.stream(values())
        .filter(pixels -> pixels.attribute().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new DatasetException(
                    "dataset %s: the attribute pixels must be binary or uint8, but is '%s'"
                        .formatted(location, word)));
  }
}
