package org.vnca.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.fault.Hint;
import org.vnca.base.file.Reason;
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
  private final Content content;
  private final Hdf5File hdf;
  private final Map<String, Split> splits;
  private final Pixels pixels;
  private final String name;
  private final String source;
  private String checksum;

  private ImageDataset(String location, Content content, DatasetPaths paths) {
    this.location = location;
    this.content = content;
    this.hdf = content.open("dataset " + location);
    try {
      requireKnownSchema();
      SplitReader reader = SplitReader.of(location, hdf, paths);
      this.pixels = reader.pixels();
      this.splits = new LinkedHashMap<>();
      reader.read(pixels).forEach(split -> splits.put(split.name(), split));
      this.name = hdf.attribute(NAME).orElseGet(() -> nameOf(location));
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
    return new ImageDataset(
        location,
        EmbeddedDataset.isName(location)
            ? new InMemory(EmbeddedDataset.bytes(location))
            : new OnDisk(Path.of(location)),
        paths);
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
        checksum = content.checksum();
      } catch (IOException e) {
        throw new DatasetException(
            "dataset %s cannot be read: %s".formatted(location, Reason.of(e)), e);
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
    try {
      return content.bytes();
    } catch (IOException e) {
      throw new DatasetException(
          "dataset %s cannot be read: %s".formatted(location, Reason.of(e)), e);
    }
  }

  /** Closes the file; its splits cannot be read any more. */
  @Override
  public void close() {
    hdf.close();
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

  private static String nameOf(String location) {
    return Path.of(location).getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  /** Where the HDF5 file is. */
  private sealed interface Content {
    Hdf5File open(String label);

    String checksum() throws IOException;

    long bytes() throws IOException;
  }

  private record OnDisk(Path file) implements Content {
    @Override
    public Hdf5File open(String label) {
      if (!Files.exists(file)) {
        throw new DatasetException(
            "%s does not exist; make it (%s), or use %s"
                .formatted(label, Hint.command("help data import"), EmbeddedDataset.DIGITS));
      }
      return Hdf5File.open(label, file);
    }

    @Override
    public String checksum() throws IOException {
      return Sha256.of(file);
    }

    @Override
    public long bytes() throws IOException {
      return Files.size(file);
    }
  }

  /** Nothing is unpacked, so nothing of it stays behind when the program is killed. */
  private record InMemory(byte[] whole) implements Content {
    @Override
    public Hdf5File open(String label) {
      return Hdf5File.open(label, whole);
    }

    @Override
    public String checksum() {
      return Sha256.of(whole);
    }

    @Override
    public long bytes() {
      return whole.length;
    }
  }
}
