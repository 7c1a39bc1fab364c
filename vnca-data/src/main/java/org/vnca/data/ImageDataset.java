package org.vnca.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.hash.Sha256;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5File;

/**
 * A dataset of images in an HDF5 file, opened for reading. What opening checks: the file is HDF5
 * and complete; images are uint8 or booleans, {@code [N, H, W, C]} or {@code [N, H, W]}, of one
 * size in all splits; there is one label an image, or none. Thread-safe until closed.
 */
public final class ImageDataset implements AutoCloseable {
  /** The version of the layout that {@link DatasetWriter} writes. */
  static final int SCHEMA_VERSION = 1;

  static final String NAME = "name";
  static final String SOURCE = "source";
  static final String PIXELS = "pixels";
  static final String CLASSES = "classes";
  static final String SCHEMA = "schema-version";

  private final String location;
  private final Path file;
  private final long fileBytes;
  private final Hdf5File hdf;
  private final Map<String, Split> splits;
  private final Pixels pixels;
  private final String name;
  private final String source;
  private String checksum;

  private ImageDataset(String location, Path file, DatasetPaths paths) {
    this.location = location;
    this.file = file;
    this.hdf = open(location, file);
    try {
      this.fileBytes = size(location, file);
      requireKnownSchema();
      SplitReader reader = SplitReader.of(location, hdf, paths);
      this.pixels = reader.pixels();
      this.splits = new LinkedHashMap<>();
      reader.read(pixels).forEach(split -> splits.put(split.name(), split));
      this.name = hdf.attribute(NAME).orElseGet(() -> nameOf(file));
      this.source = hdf.attribute(SOURCE).orElse("");
    } catch (RuntimeException e) {
      hdf.close();
      throw e;
    }
  }

  /**
   * Opens a dataset in this program's layout, or with plain {@code images} at the root, which are
   * then one split called {@value DatasetPaths#WHOLE}.
   *
   * @param location a path, or {@code embedded:digits}
   * @throws DatasetException if it is missing or not as the class comment says
   */
  public static ImageDataset open(String location) {
    return open(location, DatasetPaths.DEFAULT);
  }

  /**
   * Opens a dataset whose images lie where {@code paths} says.
   *
   * @param location a path, or {@code embedded:digits}
   * @throws DatasetException if it is missing or not as the class comment says
   */
  public static ImageDataset open(String location, DatasetPaths paths) {
    if (!EmbeddedDataset.isName(location)) {
      return new ImageDataset(location, Path.of(location), paths);
    }
    Path copy = EmbeddedDataset.extract(location);
    try {
      ImageDataset dataset = new ImageDataset(location, copy, paths);
      dataset.checksum();
      return dataset;
    } finally {
      // What is open stays readable without a name, and nothing is left of it, however this ends.
      delete(copy);
    }
  }

  /**
   * Whether there is anything at a location that could be opened; nothing is read.
   *
   * @param location a path, or {@code embedded:...}, which counts as there
   */
  public static boolean isThere(String location) {
    return EmbeddedDataset.isName(location) || Files.exists(Path.of(location));
  }

  /** What was given to {@link #open}. */
  public String location() {
    return location;
  }

  /** The root attribute {@code name}, or the file's name without its ending. */
  public String name() {
    return name;
  }

  /** The root attribute {@code source}: where the images come from. Empty where not said. */
  public String source() {
    return source;
  }

  /**
   * What a pixel's byte means: the root attribute {@code pixels}. Where the file does not say:
   * binary if the images are booleans or no pixel of a sample of up to 1,024 images a split is
   * above 1, uint8 otherwise. Should the sample mislead, reading the image that shows it fails.
   */
  public Pixels pixels() {
    return pixels;
  }

  /**
   * SHA-256 of the HDF5 file, in hexadecimal; computed once, from the whole file.
   *
   * @throws DatasetException if the file cannot be read any more
   */
  public synchronized String checksum() {
    if (checksum == null) {
      try {
        checksum = Sha256.of(file);
      } catch (IOException e) {
        throw new DatasetException(
            "dataset %s cannot be read: %s".formatted(location, e.getMessage()), e);
      }
    }
    return checksum;
  }

  /** The names of the splits: train, valid, test, then others in alphabetical order. */
  public List<String> splits() {
    return List.copyOf(splits.keySet());
  }

  /**
   * A split by its name.
   *
   * @throws DatasetException if there is none; the message names those there are
   */
  public Split split(String split) {
    return Optional.ofNullable(splits.get(split))
        .orElseThrow(
            () ->
                new DatasetException(
                    "dataset %s has no split '%s'; it has %s"
                        .formatted(location, split, String.join(", ", splits.keySet()))));
  }

  /** Length of the HDF5 file in bytes. */
  long fileBytes() {
    return fileBytes;
  }

  private static long size(String location, Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new DatasetException(
          "dataset %s cannot be read: %s".formatted(location, e.getMessage()), e);
    }
  }

  /** Closes the file; its splits cannot be read any more. */
  @Override
  public void close() {
    hdf.close();
  }

  private static Hdf5File open(String location, Path file) {
    if (!Files.exists(file)) {
      throw new DatasetException(
          "dataset %s does not exist; make it (./vnca help data import), or use %s"
              .formatted(location, EmbeddedDataset.DIGITS));
    }
    return Hdf5File.open("dataset " + location, file);
  }

  private void requireKnownSchema() {
    hdf.attribute(SCHEMA)
        .filter(version -> !version.equals(Integer.toString(SCHEMA_VERSION)))
        .ifPresent(
            version -> {
              throw new DatasetException(
                  "dataset %s: schema-version must be %d, but is %s; import the data again"
                      .formatted(location, SCHEMA_VERSION, version));
            });
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      throw new DatasetException(
          "the temporary file %s cannot be deleted: %s".formatted(copy, e.getMessage()), e);
    }
  }
}
