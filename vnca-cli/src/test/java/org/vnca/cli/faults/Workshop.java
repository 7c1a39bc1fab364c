package org.vnca.cli.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes the inputs: images of 8 x 8, a model of few numbers, a sweep of two points. */
final class Workshop {
  static final String DATA = "data.h5";
  static final String DESCRIPTOR = "tiny.yaml";
  static final String SWEEP = "sweep.yaml";

  private static final int SIDE = 8;

  static final String EXPERIMENT =
      """
      name: tiny
      data: {file: "data.h5", pad-to: 0}
      model:
        latent: 4
        encoder: {filters: 2}
        decoder: {doublings: 2, steps: 1, update: {hidden: 4, blocks: 1}}
      train:
        steps: 12
        batch: 4
        device: cpu
        threads: 1
        checkpoint: {every: 2, keep: 3}
        report: {every: 2}
        validation: {every: 4, images: 8}
        images: {every: 6}
      evaluation: {samples: 2, images: 8}
      """;

  private static final String GRID =
      """
      name: two
      experiment: tiny.yaml
      set: {train.steps: 6, train.images.every: 0}
      grid: {seed: [1, 2]}
      """;

  private Workshop() {}

  /** Writes descriptor and sweep into a folder. */
  static void writeDescriptors(Path folder) throws IOException {
    Files.writeString(folder.resolve(DESCRIPTOR), EXPERIMENT);
    Files.writeString(folder.resolve(SWEEP), GRID);
  }

  /** Writes the four files of a dataset like MNIST. */
  static Path writeIdx(Path folder, int train, int test) throws IOException {
    Files.createDirectories(folder);
    writeIdx(folder, "train", train, new Random(1));
    writeIdx(folder, "t10k", test, new Random(2));
    return folder;
  }

  private static void writeIdx(Path folder, String part, int count, Random random)
      throws IOException {
    byte[] pixels = new byte[count * SIDE * SIDE];
    random.nextBytes(pixels);
    Files.write(
        folder.resolve(part + "-images-idx3-ubyte"),
        ByteBuffer.allocate(16 + pixels.length)
            .putInt(2051)
            .putInt(count)
            .putInt(SIDE)
            .putInt(SIDE)
            .put(pixels)
            .array());
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(2049).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) (i % 10));
    }
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  /** The words that make a dataset of such files, of pixels that are 0 or 1 as Bernoulli wants. */
  static String[] importWords(String folder, String out) {
    return new String[] {
      "data", "import", "mnist", folder, "--out", out, "--hold-out", "16", "--binarize", "1"
    };
  }

  /** Copies a file, or a directory with all that is in it. */
  static void copy(Path from, Path to) throws IOException {
    for (Path path : all(from)) {
      Path place = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectories(place);
      } else {
        Files.copy(path, place, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    List<Path> paths = Files.exists(directory) ? all(directory) : List.of();
    for (int i = paths.size() - 1; i >= 0; i--) {
      Files.deleteIfExists(paths.get(i));
    }
  }

  /** A directory and all that is in it, parents first; what goes meanwhile is passed over. */
  static List<Path> all(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
