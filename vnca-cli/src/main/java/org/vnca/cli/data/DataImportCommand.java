package org.vnca.cli.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.imports.ConsoleProgress;
import org.vnca.data.imports.ImportNote;
import org.vnca.data.imports.ImportSummary;

/** Makes a dataset file from published files. */
public final class DataImportCommand implements Command {
  private static final String FORCE = "force";

  @Override
  public Usage usage() {
    return new Usage(
        "data import",
        List.of("FORMAT", "SOURCE"),
        "make a dataset file from published files",
        List.of(
            "FORMAT binarized-mnist: SOURCE is the folder with"
                + " binarized_mnist_{train,valid,test}.amat, plain or gzipped. FORMAT mnist: SOURCE"
                + " is the folder with the four idx files, plain or gzipped.",
            "FORMAT images: SOURCE is a folder or a zip of PNG, JPEG, GIF, WebP, TIFF and BMP"
                + " files, which become square RGB images, upright; those that are not square are"
                + " put onto the middle of the background. FORMAT celeba: SOURCE is the folder with"
                + " img_align_celeba or img_align_celeba.zip, list_eval_partition.txt and, for"
                + " --label, list_attr_celeba.txt.",
            "FORMAT hdf5: SOURCE is an HDF5 file of another program with numbers of any type, [N,"
                + " H, W] or [N, H, W, C] or with the axes in another --order. Found by themselves:"
                + " arrays named alike but for a split, such as x_train and x_test or train/images"
                + " and test/images (training, validation, val, dev and testing are known, too), or"
                + " the only array of numbers with 3 or 4 axes; among several, those called images,"
                + " x or data. Labels: arrays called labels, y, targets or classes; numbers,"
                + " one-hot rows or text, whose classes are sorted by name. The values are read"
                + " once more before, for their range.",
            "The file appears whole or not at all. What was left out, followed, turned or converted"
                + " is told at the end, with counts and first names."),
        List.of(
            Flag.required(Flag.OUT, "FILE.h5", "the HDF5 file that is made"),
            Flag.valued(
                ImportFormat.LABELS,
                "FILE.h5|PATH",
                "binarized-mnist: HDF5 file with labels, train/labels and so on; default: none."
                    + " hdf5: path of the labels inside SOURCE, or none; default: as found"),
            Flag.valued(
                ImportFormat.IMAGES_PATH,
                "PATH",
                "hdf5: path of the images inside SOURCE, such as 'x_{split}', where {split} stands"
                    + " for train, valid, test; default: as found"),
            Flag.valued(
                ImportFormat.ORDER,
                "AXES",
                "hdf5: a letter for each axis as h5py shows them: n images, h rows, w columns, c"
                    + " channels, such as nhwc, nchw or hwcn; or matlab, for [H, W, C, N] or [H, W,"
                    + " N] of MATLAB; default: nhw, and nhwc or nchw by which axis has 1 to 4"),
            Flag.valued(
                ImportFormat.SCALE,
                "A..B",
                "hdf5: the values of black and white, such as 0..1, 0..255 or -1..1; default: 0..1"
                    + " for fractions up to 1, else 0..255; nothing but 0 and 1 becomes binary"),
            Flag.valued(
                ImportFormat.BINARIZE,
                "SEED",
                "mnist: draw each pixel once as 0 or 1; default: keep it grey"),
            Flag.valued(
                ImportFormat.HOLD_OUT,
                "N",
                "mnist: training images that become the split valid; default: 0, no such split"),
            Flag.of(
                ImportFormat.TRANSPOSE,
                "mnist: exchange rows and columns, as EMNIST's files need it; default: as stored"),
            Flag.valued(ImportFormat.SIZE, "N", "images, celeba: side of the images, pixels"),
            Flag.valued(
                ImportFormat.TEST_SHARE,
                "S",
                "images: share of the split test, drawn by a keyed permutation of the sorted names;"
                    + " default: 0.2. hdf5: the same by the places in the array, or in train;"
                    + " default: 0.2, and 0 where SOURCE has splits"),
            Flag.valued(
                ImportFormat.VALID_SHARE,
                "S",
                "images: share of the split valid; default: 0.1. hdf5: the same; default: 0.1, and"
                    + " 0 where SOURCE has splits"),
            Flag.of(
                ImportFormat.LABELS_BY_FOLDER,
                "images: the first folder below SOURCE, or below the folders that all images share,"
                    + " is an image's label; classes are sorted by name; default: no labels"),
            Flag.valued(
                ImportFormat.BACKGROUND,
                "COLOUR",
                "images: white or black, behind transparent pixels; default: white"),
            Flag.valued(
                ImportFormat.CROP,
                "HOW",
                "celeba: none (the whole image becomes a square, as the authors have it) or square"
                    + " (the middle is cut out); default: none"),
            Flag.valued(
                ImportFormat.LABEL,
                "ATTRIBUTE",
                "celeba: the attribute that becomes the labels 0 and 1; default: no labels"),
            Flag.valued(
                ImportFormat.FILTER,
                "NAME",
                "images, celeba: area, triangle (bilinear, widened when shrinking) or lanczos;"
                    + " default: lanczos for images, triangle for celeba"),
            Flag.of(
                ImportFormat.SKIP_BAD,
                "images, celeba: leave out images that are missing or cannot be read, in place of"
                    + " refusing all"),
            Flag.of(FORCE, "replace FILE.h5 if it exists")),
        List.of(
            "data import binarized-mnist downloads --out data/binarized-mnist.h5",
            "data import mnist downloads --out data/mnist.h5 --hold-out 10000",
            "data import images emoji.zip --size 64 --out data/noto-64.h5",
            "data import images flowers --size 32 --labels-by-folder --out data/flowers-32.h5",
            "data import celeba downloads --size 64 --out data/celeba-64.h5",
            "data import hdf5 theirs.h5 --order nchw --out data/theirs.h5"));
  }

  /** The words that FORMAT can be. */
  public static List<String> formats() {
    return ImportFormat.words();
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
            .run(words.path(1), out, ConsoleProgress.onStandardError(!console.barless()));
    console.answer(summary, text(summary));
    return DONE;
  }

  private static String text(ImportSummary summary) {
    String images =
        summary.images().entrySet().stream()
            .map(split -> split.getKey() + " " + Text.count(split.getValue()))
            .collect(Collectors.joining(", "));
    String skipped =
        summary.skipped().isEmpty()
            ? ""
            : ", %s left out (%s%s)"
                .formatted(
                    Text.count(summary.skipped().size()),
                    summary.skipped().get(0),
                    summary.skipped().size() > 1 ? ", ..." : "");
    String first =
        "%s: %s, %s images%s, %s, sha256 %s"
            .formatted(
                summary.file(),
                summary.name(),
                images,
                skipped,
                Text.bytes(summary.bytes()),
                summary.checksum());
    return Stream.of(
            Stream.of(first),
            summary.notes().stream().map(DataImportCommand::text),
            summary.remarks().stream().map(line -> "  " + line))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  private static String text(ImportNote note) {
    return "%s: %s (%s%s)"
        .formatted(
            note.kind().words(),
            Text.count(note.count()),
            String.join(", ", note.first()),
            note.count() > note.first().size() ? ", ..." : "");
  }
}
