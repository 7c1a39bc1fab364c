package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnca.data.fault.DatasetException;

/**
 * A file of images and the file of their labels.
 *
 * @param images idx images, plain or gzipped
 * @param labels idx labels, plain or gzipped
 * @param set what stands before the names of MNIST's own files: {@code emnist-letters-} and the
 *     like, or nothing
 */
record IdxPair(Path images, Path labels, String set) {
  private static final Pattern EMNIST =
      Pattern.compile("(emnist-[a-z]+-)train-images[-.]idx3-ubyte(\\.gz)?");

  /**
   * What the file of images tells of itself.
   *
   * @param count images
   * @param rows rows of an image
   * @param columns columns of an image
   */
  record Header(int count, int rows, int columns) {}

  /** The images for training, as MNIST and EMNIST name them. */
  static IdxPair train(Path folder) {
    String set = set(folder);
    return find(folder, set, set + "train");
  }

  /** The images for testing. */
  static IdxPair test(Path folder) {
    String set = set(folder);
    return find(folder, set, set.isEmpty() ? "t10k" : set + "test");
  }

  /** Named with a dash as published or with a dot. */
  private static IdxPair find(Path folder, String set, String part) {
    return new IdxPair(
        SourceFile.find(folder, part + "-images-idx3-ubyte", part + "-images.idx3-ubyte"),
        SourceFile.find(folder, part + "-labels-idx1-ubyte", part + "-labels.idx1-ubyte"),
        set);
  }

  /** EMNIST comes as six sets in one folder. */
  private static String set(Path folder) {
    TreeSet<String> sets = new TreeSet<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Matcher matcher = EMNIST.matcher(file.getFileName().toString());
          if (file.getFileName().toString().startsWith("train-images")) {
            return "";
          } else if (matcher.matches()) {
            sets.add(matcher.group(1));
          }
        }
      } catch (IOException e) {
        throw new DatasetException(
            "%s cannot be read: %s".formatted(folder, ImageFiles.reason(e)), e);
      }
    }
    if (sets.size() > 1) {
      throw new DatasetException(
          "%s holds several sets, %s; put the four files of one into a folder of their own"
              .formatted(folder, String.join(", ", sets).replaceAll("-(,|$)", "$1")));
    }
    return sets.isEmpty() ? "" : sets.first();
  }

  Header header() throws IOException {
    try (IdxImages file = new IdxImages(SourceFile.open(images))) {
      return new Header(file.count(), file.rows(), file.columns());
    }
  }
}
