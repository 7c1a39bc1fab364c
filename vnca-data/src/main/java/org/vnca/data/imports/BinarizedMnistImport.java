package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.vnca.base.file.Reason;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.StoredLabels;
import org.vnca.data.fault.DatasetException;

/**
 * Imports the statically binarized MNIST (Salakhutdinov and Murray 2008; Larochelle and Murray
 * 2011) from its three text files {@code binarized_mnist_{train,valid,test}.amat}, plain or
 * gzipped. The published split is kept: 50,000, 10,000 and 10,000 images.
 */
public final class BinarizedMnistImport implements DatasetImport {
  private static final String NAME = "binarized-mnist";
  private static final String SOURCE =
      "binarized_mnist_{train,valid,test}.amat; Salakhutdinov & Murray 2008, Larochelle & Murray"
          + " 2011";
  private static final Pattern AMAT = Pattern.compile(".*\\.amat");
  private static final int SIDE = 28;
  private static final Map<String, Integer> PUBLISHED =
      Map.of("train", 50_000, "valid", 10_000, "test", 10_000);

  private final Options options;
  private final Map<String, Integer> counts;

  /**
   * Choices of this import.
   *
   * @param labels an HDF5 file with {@code train/labels}, {@code valid/labels} and {@code
   *     test/labels} in the order of the text files, which have none
   */
  public record Options(
      @ImportOption(
              value = "HDF5 file with labels, train/labels and so on; default: none",
              argument = "FILE.h5")
          Optional<Path> labels) {
    /** No labels. */
    public static final Options DEFAULT = new Options(Optional.empty());
  }

  /** An import with these choices. */
  public BinarizedMnistImport(Options options) {
    this(options, PUBLISHED);
  }

  /** An import of files with other numbers of images, by split. */
  BinarizedMnistImport(Options options, Map<String, Integer> counts) {
    this.options = options;
    this.counts = Map.copyOf(counts);
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (String split : List.of("train", "valid", "test")) {
      files.put(split, SourceFile.find(source, "binarized_mnist_" + split + ".amat"));
    }
    ImportNotes notes = new ImportNotes();
    try {
      SourceFile.noteOthers(source, AMAT, Set.copyOf(files.values()), notes);
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, Reason.of(e)), e);
    }
    List<SplitContent> splits = new ArrayList<>();
    files.forEach((split, file) -> splits.add(split(file, split)));
    DatasetHeader header =
        new DatasetHeader(NAME, SOURCE, Pixels.BINARY, DatasetHeader.Layout.COMPRESSED);
    return ImportSummary.of(
        out, NAME, DatasetWriter.write(out, header, splits, progress), List.of(), notes);
  }

  private SplitContent split(Path file, String split) {
    int expected = counts.get(split);
    return new SplitContent(
        split,
        SplitShape.of(expected, SIDE, SIDE, 1),
        () -> new AmatImages(SourceFile.open(file), expected),
        options.labels().map(labels -> labels(labels, split, expected)));
  }

  private static byte[] labels(Path file, String split, int expected) {
    String path = split + "/labels";
    return StoredLabels.read(file, path, expected)
        .orElseThrow(
            () ->
                new DatasetException(
                    "labels %s must hold /%s, but do not; import without --labels, or name another file"
                        .formatted(file, path)));
  }
}
