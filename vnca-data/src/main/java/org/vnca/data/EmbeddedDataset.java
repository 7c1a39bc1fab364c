package org.vnca.data;

import java.io.IOException;
import java.io.InputStream;
import org.vnca.base.file.Reason;
import org.vnca.data.fault.DatasetException;

/** The datasets inside this program's jar, small enough to be read from memory. */
final class EmbeddedDataset {
  static final String PREFIX = "embedded:";

  /** 10,000 MNIST digits, binarized once; {@code digits.md} beside the file says how. */
  static final String DIGITS = PREFIX + "digits";

  private static final String RESOURCE = "digits.h5";

  private EmbeddedDataset() {}

  static boolean isName(String location) {
    return location.startsWith(PREFIX);
  }

  /**
   * The HDF5 file.
   *
   * @throws DatasetException if there is no such dataset
   */
  static byte[] bytes(String location) {
    if (!location.equals(DIGITS)) {
      throw new DatasetException(
          "there is no dataset %s in this program; use %s or a file".formatted(location, DIGITS));
    }
    try (InputStream resource = EmbeddedDataset.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new DatasetException(
            "dataset %s is missing from this build; build the program again".formatted(location));
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new DatasetException(
          "dataset %s cannot be read from the program's jar: %s; build the program again"
              .formatted(location, Reason.of(e)),
          e);
    }
  }
}
