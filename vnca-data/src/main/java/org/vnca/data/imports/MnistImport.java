package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.Binarization;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * Imports MNIST, or what has its format, from its four idx files, plain or gzipped. Splits: train
 * and test as published; and valid, where asked for, taken out of train.
 *
 * <p>The held-out images are a random subset that a fixed key chooses, so that their classes are
 * balanced and every import with the same number holds out the same ones. Within a split the images
 * keep the order of the file.
 */
public final class MnistImport implements DatasetImport {
  private static final String NAME = "mnist";
  private static final String SOURCE = "MNIST (LeCun, Cortes & Burges 1998), idx files";
  private static final long HOLD_OUT_KEY = 0x76616C6964L; // "valid"
  private static final Pattern IDX = Pattern.compile(".*[-.]idx\\d-\\w+");
  private static final int TRAIN = 0;
  private static final int TEST = 1;

  private final Options options;

  /**
   * Choices of this import.
   *
   * @param binarize the seed that draws each pixel once as 0 or 1 ({@link Binarization}); grey if
   *     empty
   * @param holdOut images taken out of train to be the split valid; 0 for no such split
   * @param skip training images left out, the first ones: {@code embedded:digits} are the first
   *     10,000 of MNIST, so a model that is measured on those must not be trained on them
   * @param transpose whether rows and columns are exchanged, as EMNIST's files need it
   */
  public record Options(
      @ImportOption(
              value = "draw each pixel once as 0 or 1; default: keep it grey",
              argument = "SEED")
          OptionalLong binarize,
      @ImportOption("training images that become the split valid") int holdOut,
      @ImportOption("training images left out, the first ones; embedded:digits are the first 10000")
          int skip,
      @ImportOption("exchange rows and columns, as EMNIST's files need it; default: as stored")
          boolean transpose) {
    /** Grey, without a split valid. */
    public static final Options DEFAULT = new Options(OptionalLong.empty(), 0, 0, false);

    public Options {
      if (holdOut < 0) {
        throw new InvalidOption("hold-out", "must be at least 0", holdOut);
      }
      if (skip < 0) {
        throw new InvalidOption("skip", "must be at least 0", skip);
      }
    }
  }

  /** An import with these choices. */
  public MnistImport(Options options) {
    this.options = options;
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    IdxPair train = IdxPair.train(source);
    IdxPair test = IdxPair.test(source);
    try {
      requireOneSize(train, test);
      ImportNotes notes = new ImportNotes();
      SourceFile.noteOthers(
          source, IDX, Set.of(train.images(), train.labels(), test.images(), test.labels()), notes);
      List<SplitContent> splits = new ArrayList<>();
      int count = train.header().count();
      BitSet heldOut = heldOut(count);
      IntPredicate kept = index -> index >= options.skip() && !heldOut.get(index);
      splits.add(split("train", train, TRAIN, kept, notes));
      if (options.holdOut() > 0) {
        splits.add(split("valid", train, TRAIN, heldOut::get, notes));
      }
      splits.add(split("test", test, TEST, index -> true, notes));
      DatasetHeader header = header(train.set());
      return ImportSummary.of(
          out, header.name(), DatasetWriter.write(out, header, splits, progress), List.of(), notes);
    } catch (IOException e) {
      throw new DatasetException(
          "%s cannot be read: %s".formatted(source, ImageFiles.reason(e)), e);
    }
  }

  private static void requireOneSize(IdxPair train, IdxPair test) throws IOException {
    IdxPair.Header one = train.header();
    IdxPair.Header other = test.header();
    if (one.rows() != other.rows() || one.columns() != other.columns()) {
      throw new DatasetException(
          "the images of %s are %d x %d, but those of %s %d x %d; give files of one dataset"
              .formatted(
                  train.images(),
                  one.rows(),
                  one.columns(),
                  test.images(),
                  other.rows(),
                  other.columns()));
    }
  }

  /**
   * @param set EMNIST's, such as {@code emnist-letters-}; empty for MNIST
   */
  private DatasetHeader header(String set) {
    boolean binary = options.binarize().isPresent();
    String source = set.isEmpty() ? SOURCE : "EMNIST (Cohen et al. 2017), idx files";
    source += binary ? "; binarized with seed " + options.binarize().getAsLong() : "";
    source += options.transpose() ? "; rows and columns exchanged" : "";
    source += options.skip() > 0 ? "; without the first %d".formatted(options.skip()) : "";
    return new DatasetHeader(
        set.isEmpty() ? NAME : set.substring(0, set.length() - 1),
        source,
        binary ? Pixels.BINARY : Pixels.UINT8,
        DatasetHeader.Layout.COMPRESSED);
  }

  private BitSet heldOut(int count) {
    int skip = options.skip();
    if (skip >= count) {
      throw new DatasetException(
          "skip must be less than the %d training images, but is %d".formatted(count, skip));
    }
    int holdOut = options.holdOut();
    if (holdOut >= count - skip) {
      throw new DatasetException(
          "hold-out must be less than the %d training images, but is %d"
              .formatted(count - skip, holdOut));
    }
    BitSet heldOut = new BitSet(count);
    for (int index : KeyedPermutation.of(HOLD_OUT_KEY, count - skip).subset(holdOut)) {
      heldOut.set(skip + index);
    }
    return heldOut;
  }

  private SplitContent split(
      String name, IdxPair files, int part, IntPredicate selection, ImportNotes notes)
      throws IOException {
    IdxPair.Header header = files.header();
    byte[] all = IdxLabels.read(files.labels(), header.count());
    if (!options.transpose() && (!files.set().isEmpty() || hasLetters(all))) {
      notes.add(ImportNote.Kind.EXCHANGED_AXES, files.images().getFileName().toString());
    }
    byte[] labels = select(all, selection);
    int rows = options.transpose() ? header.columns() : header.rows();
    int columns = options.transpose() ? header.rows() : header.columns();
    return new SplitContent(
        name,
        SplitShape.of(labels.length, rows, columns, 1),
        () ->
            new IdxImages(SourceFile.open(files.images())).select(selection, change(part, columns)),
        Optional.of(labels));
  }

  /** What is done to an image of a part; binarized by its stored pixels' places. */
  private IdxImages.ImageChange change(int part, int columns) {
    IdxImages.ImageChange binarized =
        options.binarize().isPresent()
            ? new Binarization(options.binarize().getAsLong(), part)::apply
            : (index, image) -> {};
    return (index, image) -> {
      binarized.apply(index, image);
      if (options.transpose()) {
        transpose(image, columns);
      }
    };
  }

  /**
   * @param columns of the image afterwards, which are its rows before
   */
  private static void transpose(byte[] image, int columns) {
    byte[] stored = image.clone();
    int rows = image.length / columns;
    for (int i = 0; i < image.length; i++) {
      image[i] = stored[i % columns * rows + i / columns];
    }
  }

  private static boolean hasLetters(byte[] labels) {
    for (byte label : labels) {
      if ((label & 0xFF) > 9) {
        return true;
      }
    }
    return false;
  }

  private static byte[] select(byte[] labels, IntPredicate selection) {
    byte[] selected = new byte[labels.length];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (selection.test(i)) {
        selected[count++] = labels[i];
      }
    }
    return Arrays.copyOf(selected, count);
  }
}
