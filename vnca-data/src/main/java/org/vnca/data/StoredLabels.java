package org.vnca.data;

import java.nio.file.Path;
import java.util.Optional;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5File;

/** Labels that stand in an HDF5 file by themselves, without images. */
public final class StoredLabels {
  private StoredLabels() {}

  /**
   * Reads an array of labels.
   *
   * @param file the HDF5 file
   * @param path of the array inside the file, such as {@code train/labels}
   * @param images how many labels there must be
   * @return {@code [images]}, uint8; empty if the file has nothing at that path
   * @throws DatasetException if the file cannot be read, or they are not {@code images} whole
   *     numbers in 0..255
   */
  public static Optional<byte[]> read(Path file, String path, int images) {
    try (Hdf5File hdf = Hdf5File.open("dataset " + file, file)) {
      return hdf.findArray(path).map(array -> new StoredArray(array).labels(images));
    }
  }
}
