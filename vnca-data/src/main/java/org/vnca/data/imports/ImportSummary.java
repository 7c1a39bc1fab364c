package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.base.hash.Sha256;
import org.vnca.data.fault.DatasetException;

/**
 * What an import made.
 *
 * @param file the HDF5 file
 * @param name the dataset's name
 * @param images how many, by split, in the order train, valid, test
 * @param bytes length of the file
 * @param checksum SHA-256 of the file, hexadecimal
 * @param skipped images that were left out because they are bad, each with the reason
 * @param notes what else was left out, followed, turned or converted
 * @param remarks what was found, converted or reordered in the file as a whole, a line each
 */
public record ImportSummary(
    Path file,
    String name,
    Map<String, Integer> images,
    long bytes,
    String checksum,
    List<String> skipped,
    List<ImportNote> notes,
    List<String> remarks) {
  public ImportSummary {
    images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    skipped = List.copyOf(skipped);
    notes = List.copyOf(notes);
    remarks = List.copyOf(remarks);
  }

  /** The same with remarks. */
  public ImportSummary remarking(List<String> lines) {
    return new ImportSummary(file, name, images, bytes, checksum, skipped, notes, lines);
  }

  /**
   * Sums up a file just written.
   *
   * @throws DatasetException if it cannot be read
   */
  public static ImportSummary of(Path file, String name, Map<String, Integer> images) {
    return of(file, name, images, List.of(), new ImportNotes());
  }

  /** The same where images were left out, or there is something to tell. */
  static ImportSummary of(
      Path file,
      String name,
      Map<String, Integer> images,
      List<String> skipped,
      ImportNotes notes) {
    try {
      return new ImportSummary(
          file, name, images, Files.size(file), Sha256.of(file), skipped, notes.list(), List.of());
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }
}
