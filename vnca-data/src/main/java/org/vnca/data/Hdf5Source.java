package org.vnca.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * An open HDF5 file whose wholeness has been checked, and the checks on what is taken from it. jHDF
 * reads wrong data, without an error, from a truncated file.
 */
final class Hdf5Source implements AutoCloseable {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
  private static final int FIRST_USER_BLOCK = 512;

  private final String location;
  private final HdfFile hdf;
  private final FileChannel channel;

  private Hdf5Source(String location, HdfFile hdf, FileChannel channel) {
    this.location = location;
    this.hdf = hdf;
    this.channel = channel;
  }

  /**
   * Opens a file and checks that it is HDF5 and complete.
   *
   * @param location the file's name in messages
   * @throws DatasetException if it is not
   */
  static Hdf5Source open(String location, Path file) {
    if (!Files.exists(file)) {
      throw new DatasetException(
          "dataset %s does not exist; make it with ./vnca data import ..., or use %s"
              .formatted(location, EmbeddedDataset.DIGITS));
    }
    if (!Files.isRegularFile(file)) {
      throw new DatasetException(
          "dataset %s must be an HDF5 file, but is not a file; make one with ./vnca data import ..."
              .formatted(location));
    }
    FileChannel channel = null;
    HdfFile hdf = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      requireSignature(location, channel);
      hdf = parse(location, file);
      Hdf5Source source = new Hdf5Source(location, hdf, channel);
      source.requireComplete();
      return source;
    } catch (IOException e) {
      closeQuietly(hdf, channel, e);
      throw new DatasetException(
          "dataset %s cannot be read: %s".formatted(location, e.getMessage()), e);
    } catch (RuntimeException e) {
      closeQuietly(hdf, channel, e);
      throw e;
    }
  }

  Group root() {
    return hdf;
  }

  /** The node at a path below the root; empty where there is none. */
  Optional<Node> find(String path) {
    Node node = hdf;
    for (String step : path.split("/", -1)) {
      if (!(node instanceof Group group)) {
        return Optional.empty();
      }
      node = child(group, step);
      if (node == null) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }

  /** The dataset at a path below the root; empty where there is none. */
  Optional<Dataset> findDataset(String path) {
    return find(path).filter(Dataset.class::isInstance).map(Dataset.class::cast);
  }

  /** A text attribute of the root; empty where there is none. */
  Optional<String> attribute(String name) {
    try {
      Attribute attribute = hdf.getAttribute(name);
      return Optional.ofNullable(attribute).map(Attribute::getData).map(Object::toString);
    } catch (RuntimeException e) {
      throw new DatasetException(
          "dataset %s: the attribute %s cannot be read".formatted(location, name), e);
    }
  }

  /** Whether the elements are h5py's booleans: an enumeration of one byte with values 0 and 1. */
  static boolean isBoolean(DataType type) {
    return type instanceof EnumDataType choice
        && choice.getBaseType().getSize() == 1
        && choice.getEnumMapping().keySet().equals(Set.of(0, 1));
  }

  /**
   * The shape of a dataset of images.
   *
   * @throws DatasetException if its type is not uint8 or boolean, or it is not shaped as images
   */
  ImageShape imageShape(String path, Dataset dataset) {
    DataType type = dataset.getDataType();
    boolean bytes =
        type instanceof FixedPoint number && number.getSize() == 1 && !number.isSigned();
    if (!bytes && !isBoolean(type)) {
      throw new DatasetException(
          "%s must hold uint8 or booleans, but holds %s; convert it, for instance with h5py"
              .formatted(where(path), describe(type)));
    }
    long[] dimensions = dataset.getDimensionsAsLong();
    boolean plain = dimensions.length == 3;
    if ((!plain && dimensions.length != 4)
        || Arrays.stream(dimensions).anyMatch(length -> length > Integer.MAX_VALUE)) {
      throw new DatasetException(
          "%s must be [N, height, width] or [N, height, width, channels], but is %s; reshape it"
              .formatted(where(path), Arrays.toString(dimensions)));
    }
    int channels = plain ? 1 : (int) dimensions[3];
    try {
      return new ImageShape(
          (int) dimensions[0], (int) dimensions[1], (int) dimensions[2], channels);
    } catch (IllegalArgumentException e) {
      throw new DatasetException("%s: %s".formatted(where(path), e.getMessage()), e);
    }
  }

  /**
   * How the images of a dataset are read.
   *
   * @throws DatasetException if their layout is not supported or they are not wholly in the file
   */
  ImageStorage storage(String path, Dataset dataset, ImageShape shape, BlockCache cache) {
    if (dataset instanceof ChunkedDataset chunked) {
      try {
        return new ChunkedImages(chunked, where(path), cache);
      } catch (HdfException e) {
        throw new DatasetException(
            "%s cannot be decoded (%s); write it again with gzip"
                .formatted(where(path), e.getMessage()),
            e);
      }
    }
    if (dataset instanceof ContiguousDataset contiguous && !dataset.isEmpty()) {
      long address = contiguous.getDataAddress() + hdf.getUserBlockSize();
      long end = address + (long) shape.images() * shape.imageBytes();
      if (end > hdf.size()) {
        throw new DatasetException(
            "%s reaches to byte %d, but the file has only %d; copy it again"
                .formatted(where(path), end, hdf.size()));
      }
      return new ContiguousImages(channel, address, shape.imageBytes());
    }
    throw new DatasetException(
        "%s must be stored contiguous or in chunks, and written, but is %s; write it again with h5py"
            .formatted(where(path), dataset.isEmpty() ? "empty" : dataset.getDataLayout()));
  }

  /**
   * The labels of a dataset, one byte an image.
   *
   * @throws DatasetException if they are not {@code images} whole numbers in 0..255
   */
  byte[] labels(String path, Dataset dataset, int images) {
    long[] dimensions = dataset.getDimensionsAsLong();
    if (!(dataset.getDataType() instanceof FixedPoint)
        || dimensions.length != 1
        || dimensions[0] != images) {
      throw new DatasetException(
          "%s must hold a whole number for each of the %d images, but is %s of %s"
              .formatted(
                  where(path),
                  images,
                  Arrays.toString(dimensions),
                  describe(dataset.getDataType())));
    }
    Object values = flat(path, dataset);
    byte[] labels = new byte[images];
    for (int i = 0; i < images; i++) {
      long label = ((Number) Array.get(values, i)).longValue();
      if (label < 0 || label > 255) {
        throw new DatasetException(
            "%s must hold numbers in 0..255, but label %d is %d".formatted(where(path), i, label));
      }
      labels[i] = (byte) label;
    }
    return labels;
  }

  /** Whether the file can still be read. */
  boolean isOpen() {
    return channel.isOpen();
  }

  /** Names a dataset of this file in messages. */
  String where(String path) {
    return "dataset %s, /%s".formatted(location, path);
  }

  @Override
  public void close() {
    try {
      hdf.close();
      channel.close();
    } catch (IOException e) {
      throw new DatasetException(
          "dataset %s cannot be closed: %s".formatted(location, e.getMessage()), e);
    }
  }

  private Object flat(String path, Dataset dataset) {
    try {
      return dataset.getDataFlat();
    } catch (RuntimeException e) {
      throw new DatasetException(where(path) + " cannot be read; copy the file again", e);
    }
  }

  private Node child(Group group, String name) {
    try {
      return group.getChild(name);
    } catch (RuntimeException e) {
      throw new DatasetException(
          "dataset %s: %s/%s cannot be read (%s)"
              .formatted(location, group.getPath(), name, e.getMessage()),
          e);
    }
  }

  private void requireComplete() {
    long promised = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
    if (hdf.size() < promised) {
      throw new DatasetException(
          "dataset %s must have %d bytes, but has %d: it was cut off; copy or import it again"
              .formatted(location, promised, hdf.size()));
    }
  }

  private static String describe(DataType type) {
    if (type instanceof FixedPoint number) {
      return (number.isSigned() ? "int" : "uint") + 8 * number.getSize();
    }
    return type.getClass().getSimpleName() + " of " + type.getSize() + " bytes";
  }

  private static HdfFile parse(String location, Path file) {
    try {
      return new HdfFile(file);
    } catch (RuntimeException e) {
      throw new DatasetException(
          "dataset %s is not a readable HDF5 file (%s); copy or import it again"
              .formatted(location, e.getMessage()),
          e);
    }
  }

  /** The signature stands at byte 0, or after a user block of 512, 1024, 2048, ... bytes. */
  private static void requireSignature(String location, FileChannel channel) throws IOException {
    long offset = 0;
    while (offset + SIGNATURE.length <= channel.size()) {
      ByteBuffer start = ByteBuffer.allocate(SIGNATURE.length);
      while (start.hasRemaining()) {
        channel.read(start, offset + start.position());
      }
      if (Arrays.equals(start.array(), SIGNATURE)) {
        return;
      }
      offset = offset == 0 ? FIRST_USER_BLOCK : 2 * offset;
    }
    throw new DatasetException(
        "dataset %s must be an HDF5 file, but has no HDF5 signature; make one with ./vnca data import ..."
            .formatted(location));
  }

  private static void closeQuietly(HdfFile hdf, FileChannel channel, Exception cause) {
    try {
      if (hdf != null) {
        hdf.close();
      }
      if (channel != null) {
        channel.close();
      }
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
