package org.vnca.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.vnca.data.ConsoleProgress;
import org.vnca.data.DatasetException;
import org.vnca.data.ImportSummary;

/** Makes a dataset file from published files. */
final class DataImportCommand implements Command {
  private static final String FORCE = "force";

  @Override
  public Usage usage() {
    return new Usage(
        "data import",
        List.of("FORMAT", "SOURCE"),
        "make a dataset file from published files",
        List.of(
            "FORMAT binarized-mnist: SOURCE is the folder with"
                + " binarized_mnist_{train,valid,test}.amat, plain or gzipped. FORMAT mnist: SOURCE is"
                + " the folder with the four idx files, plain or gzipped.",
            "The file appears whole or not at all."),
        List.of(
            Flag.required(Flag.OUT, "FILE.h5", "the HDF5 file that is made"),
            Flag.valued(
                ImportFormat.LABELS,
                "FILE.h5",
                "binarized-mnist: HDF5 file with labels, train/labels and so on; default: none"),
            Flag.valued(
                ImportFormat.BINARIZE,
                "SEED",
                "mnist: draw each pixel once as 0 or 1; default: keep it grey"),
            Flag.valued(
                ImportFormat.HOLD_OUT,
                "N",
                "mnist: training images that become the split valid; default: 0, no such split"),
            Flag.of(FORCE, "replace FILE.h5 if it exists")),
        List.of(
            "data import binarized-mnist downloads --out data/binarized-mnist.h5",
            "data import mnist downloads --out data/mnist.h5 --hold-out 10000"));
  }

  @Override
  public int run(Words words, Console console) {
    ImportFormat format = ImportFormat.of(words);
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    if (Files.exists(out) && !words.has(FORCE)) {
      throw new DatasetException(out + " exists; name another file, or replace it with --" + FORCE);
    }
    ImportSummary summary =
        format
            .importer(words)
            .run(words.path(1), out, ConsoleProgress.onStandardError(console.barless()));
    console.answer(summary, text(summary));
    return DONE;
  }

  private static String text(ImportSummary summary) {
    String images =
        summary.images().entrySet().stream()
            .map(split -> split.getKey() + " " + Text.count(split.getValue()))
            .collect(Collectors.joining(", "));
    return "%s: %s, %s images, %s, sha256 %s"
        .formatted(
            summary.file(),
            summary.name(),
            images,
            Text.bytes(summary.bytes()),
            summary.checksum());
  }
}
