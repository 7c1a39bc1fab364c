package org.vnca.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.base.hash.Sha256;

/**
 * What an import made.
 *
 * @param file the HDF5 file
 * @param name the dataset's name
 * @param images how many, by split, in the order train, valid, test
 * @param bytes length of the file
 * @param checksum SHA-256 of the file, hexadecimal
 * @param skipped images that were left out, each with the reason
 */
public record ImportSummary(
    Path file,
    String name,
    Map<String, Integer> images,
    long bytes,
    String checksum,
    List<String> skipped) {
  public ImportSummary {
    images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    skipped = List.copyOf(skipped);
  }

  /** Sums up a file just written. */
  static ImportSummary of(Path file, String name, Map<String, Integer> images) {
    return of(file, name, images, List.of());
  }

  /** The same where images were left out. */
  static ImportSummary of(
      Path file, String name, Map<String, Integer> images, List<String> skipped) {
    try {
      return new ImportSummary(file, name, images, Files.size(file), Sha256.of(file), skipped);
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }
}
