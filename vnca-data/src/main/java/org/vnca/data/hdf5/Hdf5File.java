package org.vnca.data.hdf5;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.data.fault.DatasetException;

/**
 * An HDF5 file, open for reading, and the files that its external links lead to. Thread-safe until
 * closed; interrupting a thread that reads closes it for all, as every {@link
 * java.nio.channels.FileChannel}.
 */
public final class Hdf5File implements AutoCloseable {
  private static final int MOST_FILES = 256;

  private final String name;
  private final ChunkCache cache = ChunkCache.forThisHeap();
  private final List<ByteSource> sources = new ArrayList<>();
  private final Map<Path, Container> containers = new HashMap<>();
  private final Container main;

  private Hdf5File(String name, Path file) throws IOException {
    this.name = name;
    this.main = container(name, file);
  }

  private Hdf5File(String name, byte[] bytes) throws IOException {
    this.name = name;
    ByteSource source = ByteSource.of(bytes);
    sources.add(source);
    this.main = opened(name, Path.of(""), source);
  }

  /**
   * Opens a file, and checks that it is HDF5 and not cut off.
   *
   * @param name what messages begin with, such as {@code dataset data/digits.h5}
   * @param file the file
   * @throws DatasetException if it cannot be read
   */
  public static Hdf5File open(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DatasetException(
          Files.exists(file)
              ? name + " must be an HDF5 file, but is not a file; name one"
              : name + " does not exist; check its name");
    }
    return Door.through(
        name,
        () -> {
          try {
            return new Hdf5File(name, file);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * As {@link #open(String, Path)}, of a file that is in memory. Its external links start from the
   * current directory.
   *
   * @param bytes of the whole file; must not change
   */
  public static Hdf5File open(String name, byte[] bytes) {
    return Door.through(
        name,
        () -> {
          try {
            return new Hdf5File(name, bytes);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The root. */
  public Hdf5Group root() {
    return main.rootGroup("/");
  }

  /**
   * What lies at a path below the root, links followed; empty where a name of the path is not
   * there. A link that leads nowhere is a {@link Hdf5BrokenLink}, wherever on the path it is; so
   * is, as a {@link Hdf5Other}, what is neither a group nor an array.
   *
   * @throws DatasetException if a group on the way is damaged, or the file cannot be read
   */
  public Optional<Hdf5Node> find(String path) {
    return Door.through(where(path), () -> new LinkWalk().find(root(), path));
  }

  /**
   * The array at a path; empty where there is nothing, or a group.
   *
   * @throws DatasetException if a link on the way is broken, or what is there cannot be made out
   */
  public Optional<Hdf5Array> findArray(String path) {
    Optional<Hdf5Node> found = find(path);
    if (found.isPresent() && found.get() instanceof Hdf5BrokenLink broken) {
      throw new DatasetException(
          "%s %s; mend the link".formatted(where(broken.path()), broken.why()));
    }
    if (found.isPresent() && found.get() instanceof Hdf5Other other) {
      throw new DatasetException("%s %s".formatted(where(other.path()), other.what()));
    }
    return found.filter(Hdf5Array.class::isInstance).map(Hdf5Array.class::cast);
  }

  /**
   * An attribute of the root as text: text or one number; empty where there is none.
   *
   * @throws DatasetException if it is something else, or damaged
   */
  public Optional<String> attribute(String attribute) {
    return Door.through(
        "%s, the attribute %s".formatted(name, attribute),
        () -> {
          ObjectHeader header = ObjectHeader.read(main.file(), main.root());
          return new Attributes(main.file(), main.heap(), header).text(attribute);
        });
  }

  /** Names a path of this file in messages. */
  public String where(String path) {
    return main.where(path);
  }

  /** Length of the file in bytes, those of a user block not counted. */
  public long bytes() {
    return main.file().length();
  }

  /**
   * Closes the file, and those that its links lead to.
   *
   * @throws DatasetException if the operating system refuses
   */
  @Override
  public synchronized void close() {
    for (ByteSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        throw new DatasetException("%s cannot be closed: %s".formatted(name, Reason.of(e)), e);
      }
    }
  }

  /**
   * The file that an external link names: beside the file that has the link, or from the current
   * directory; an absolute name also beside it, as the HDF5 library does.
   */
  Optional<Container> beside(Container from, String other) {
    try {
      Path named = Path.of(other);
      Path folder = from.path().toAbsolutePath().getParent();
      List<Path> places =
          named.isAbsolute()
              ? List.of(named, folder.resolve(named.getFileName()))
              : List.of(folder.resolve(named), named);
      for (Path place : places) {
        if (Files.isRegularFile(place)) {
          return Optional.of(container("%s -> %s".formatted(name, other), place));
        }
      }
      return Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Container container(String label, Path file) throws IOException {
    Path real = file.toRealPath();
    Container known = containers.get(real);
    if (known != null) {
      return known;
    }
    if (containers.size() >= MOST_FILES) {
      throw new DatasetException(
          "%s has links into more than %d files; join them".formatted(name, MOST_FILES));
    }
    ByteSource source = ByteSource.open(file);
    sources.add(source);
    try {
      Container opened = opened(label, file, source);
      containers.put(real, opened);
      return opened;
    } catch (IOException | RuntimeException e) {
      sources.remove(source);
      source.close();
      throw e;
    }
  }

  private Container opened(String label, Path file, ByteSource source) throws IOException {
    Superblock superblock = Superblock.read(source).orElse(null);
    if (superblock == null) {
      throw new DatasetException(
          label + " must be an HDF5 file, but " + NoSuperblock.of(source).words());
    }
    if (source.size() < superblock.promised()) {
      throw new DatasetException(
          "%s must have %d bytes, but has %d: it was cut off; copy or import it again"
              .formatted(label, superblock.promised(), source.size()));
    }
    FileBytes bytes = superblock.bytes();
    return new Container(label, file, this, bytes, new GlobalHeap(bytes), cache, superblock.root());
  }
}
