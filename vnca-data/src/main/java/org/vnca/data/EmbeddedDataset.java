package org.vnca.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.vnca.data.fault.DatasetException;

/** The datasets inside this program's jar. HDF5 needs a file, so one is copied out to be opened. */
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
   * A copy of the dataset among the system's temporary files. The caller deletes it as soon as it is
   * open; the end of the program does so otherwise.
   *
   * @throws DatasetException if there is no such dataset or no room for the copy
   */
  static Path extract(String location) {
    if (!location.equals(DIGITS)) {
      throw new DatasetException(
          "there is no dataset %s in this program; use %s or a file".formatted(location, DIGITS));
    }
    try (InputStream resource = EmbeddedDataset.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new DatasetException(
            "dataset %s is missing from this build; build the program again".formatted(location));
      }
      Path copy = Files.createTempFile("vnca-digits", ".h5");
      copy.toFile().deleteOnExit();
      Files.copy(resource, copy, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new DatasetException(
          "dataset %s cannot be unpacked into %s: %s"
              .formatted(location, System.getProperty("java.io.tmpdir"), e.getMessage()),
          e);
    }
  }
}
