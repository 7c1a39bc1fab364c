package org.vnca.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * An open HDF5 file whose wholeness has been checked: jHDF reads wrong data, without an error, from
 * a truncated file.
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
          "dataset %s does not exist; make it (./vnca help data import), or use %s"
              .formatted(location, EmbeddedDataset.DIGITS));
    }
    if (!Files.isRegularFile(file)) {
      throw new DatasetException(
          "dataset %s must be an HDF5 file, but is not a file; make one (./vnca help data import)"
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
  Optional<StoredArray> findArray(String path) {
    return find(path)
        .filter(Dataset.class::isInstance)
        .map(node -> new StoredArray(this, path, (Dataset) node));
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

  /** Reads of the file's bytes, for what jHDF does not read well itself. */
  FileChannel channel() {
    return channel;
  }

  /** Where addresses inside the file count from: the bytes before them are the user's. */
  long userBlockBytes() {
    return hdf.getUserBlockSize();
  }

  /** Length of the file in bytes. */
  long bytes() {
    return hdf.size();
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
        "dataset %s must be an HDF5 file, but has no HDF5 signature; make one (./vnca help data import)"
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
