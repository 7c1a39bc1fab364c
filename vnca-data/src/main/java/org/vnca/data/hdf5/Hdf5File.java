package org.vnca.data.hdf5;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An HDF5 file, open for reading. Thread-safe until closed; an interrupted thread closes it for
 * all, as every {@link java.nio.channels.FileChannel}.
 */
public final class Hdf5File implements AutoCloseable {
  private Hdf5File() {}

  /**
   * Opens a file, and checks that it is HDF5 and not cut off.
   *
   * @param name what messages begin with, such as {@code dataset data/digits.h5}
   * @param file the file
   * @throws org.vnca.data.DatasetException if it cannot be read
   */
  public static Hdf5File open(String name, Path file) {
    throw new UnsupportedOperationException();
  }

  /** The root. */
  public Hdf5Group root() {
    throw new UnsupportedOperationException();
  }

  /**
   * What lies at a path below the root, links followed; empty where a name of the path is not
   * there.
   *
   * @throws org.vnca.data.DatasetException if a link on the way is broken, or a group damaged
   */
  public Optional<Hdf5Node> find(String path) {
    throw new UnsupportedOperationException();
  }

  /**
   * The array at a path; empty where there is nothing, or a group.
   *
   * @throws org.vnca.data.DatasetException if a link on the way is broken, or what is there cannot
   *     be made out
   */
  public Optional<Hdf5Array> findArray(String path) {
    throw new UnsupportedOperationException();
  }

  /**
   * An attribute of the root as text: text or one number; empty where there is none.
   *
   * @throws org.vnca.data.DatasetException if it is something else, or damaged
   */
  public Optional<String> attribute(String name) {
    throw new UnsupportedOperationException();
  }

  /** Names a path of this file in messages. */
  public String where(String path) {
    throw new UnsupportedOperationException();
  }

  /** Length of the file in bytes. */
  public long bytes() {
    throw new UnsupportedOperationException();
  }

  /** Whether the file can still be read. */
  public boolean isOpen() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
