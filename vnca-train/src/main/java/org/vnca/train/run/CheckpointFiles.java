package org.vnca.train.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.base.hash.Sha256;

/**
 * The files of one checkpoint and what tells whether they are whole: {@code manifest.json} with the
 * size and SHA-256 of each, and {@code manifest.sha256} with the manifest's own, in the format of
 * {@code sha256sum -c}.
 */
final class CheckpointFiles {
  static final String MANIFEST = "manifest.json";
  static final String SEAL = "manifest.sha256";

  /** What {@code manifest.json} holds. */
  record Contents(long step, Map<String, Object> facts, Map<String, Sum> files) {
    Contents {
      if (facts == null || files == null || files.containsValue(null)) {
        throw new IllegalArgumentException("it lacks its facts or files");
      }
    }
  }

  /** Size in bytes and checksum of a file. */
  record Sum(long bytes, String sha256) {
    Sum {
      if (sha256 == null) {
        throw new IllegalArgumentException("it lacks a checksum");
      }
    }
  }

  /** A file that is not as it was written. The message names it. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  private CheckpointFiles() {}

  /** Writes manifest and seal for the files in a directory. */
  static void seal(Path directory, long step, Map<String, Object> facts) throws IOException {
    Map<String, Sum> sums = new TreeMap<>();
    for (Path file : files(directory)) {
      sums.put(
          directory.relativize(file).toString().replace('\\', '/'),
          new Sum(Files.size(file), Sha256.of(file)));
    }
    if (sums.isEmpty()) {
      throw new IOException("nothing was written");
    }
    Path manifest = directory.resolve(MANIFEST);
    Durable.write(manifest, Durable.json(new Contents(step, facts, sums)) + "\n");
    Durable.write(directory.resolve(SEAL), Sha256.of(manifest) + "  " + MANIFEST + "\n");
  }

  /** Forces everything in a directory to disk. */
  static void sync(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.toList();
    }
    for (Path path : paths) {
      WholeFile.force(path);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /**
   * Reads a checkpoint's manifest and compares every file with it.
   *
   * @throws Damaged if a file is missing or differs
   */
  static Checkpoint verify(Path directory) throws Damaged {
    try {
      Contents contents = contents(directory);
      for (Map.Entry<String, Sum> entry : contents.files().entrySet()) {
        verify(inside(directory, entry.getKey()), entry.getValue());
      }
      return new Checkpoint(
          contents.step(), directory, contents.facts(), Sha256.of(directory.resolve(MANIFEST)));
    } catch (IOException e) {
      throw new Damaged(directory + " cannot be read: " + Reason.of(e));
    }
  }

  private static Contents contents(Path directory) throws IOException, Damaged {
    Path manifest = present(directory.resolve(MANIFEST));
    String seal = Files.readString(present(directory.resolve(SEAL)), StandardCharsets.ISO_8859_1);
    if (!seal.equals(Sha256.of(manifest) + "  " + MANIFEST + "\n")) {
      throw new Damaged(manifest + " does not have the checksum in " + SEAL);
    }
    Contents contents = Durable.readJson(manifest, Contents.class);
    if (!directory.getFileName().toString().equals(Long.toString(contents.step()))) {
      throw new Damaged(
          directory + " holds the checkpoint of step " + contents.step() + "; it was renamed");
    }
    return contents;
  }

  private static void verify(Path file, Sum sum) throws IOException, Damaged {
    long bytes = Files.size(present(file));
    if (bytes != sum.bytes()) {
      throw new Damaged(file + " has " + bytes + " bytes instead of " + sum.bytes());
    }
    if (!Sha256.of(file).equals(sum.sha256())) {
      throw new Damaged(file + " does not have the checksum in " + MANIFEST);
    }
  }

  private static Path inside(Path directory, String name) throws Damaged {
    try {
      Path file = directory.resolve(name).normalize();
      if (file.startsWith(directory.normalize())) {
        return file;
      }
    } catch (InvalidPathException e) {
      // Told below.
    }
    throw new Damaged(directory.resolve(MANIFEST) + " names a file that is none of its own");
  }

  private static Path present(Path file) throws Damaged {
    if (!Files.isRegularFile(file)) {
      throw new Damaged(file + " is missing");
    }
    return file;
  }
}
