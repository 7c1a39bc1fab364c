package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.vnca.data.DatasetException;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageShape;
import org.vnca.data.ImportProgress;
import org.vnca.data.KeyedPermutation;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.StaticBinarization;

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
  private static final int TRAIN = 0;
  private static final int TEST = 1;

  private final Options options;

  /**
   * Choices of this import.
   *
   * @param binarizeSeed draws each pixel once as 0 or 1 ({@link StaticBinarization}); grey if empty
   * @param holdOut images taken out of train to be the split valid; 0 for no such split
   */
  public record Options(OptionalLong binarizeSeed, int holdOut) {
    /** Grey, without a split valid. */
    public static final Options DEFAULT = new Options(OptionalLong.empty(), 0);

    public Options {
      if (holdOut < 0) {
        throw new IllegalArgumentException("hold-out must be at least 0, but is " + holdOut);
      }
    }
  }

  /** An import with these choices. */
  public MnistImport(Options options) {
    this.options = options;
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    IdxPair train = IdxPair.find(source, "train");
    IdxPair test = IdxPair.find(source, "t10k");
    try {
      List<SplitContent> splits = new ArrayList<>();
      int count = train.header().count();
      BitSet heldOut = heldOut(count);
      splits.add(split("train", train, TRAIN, index -> !heldOut.get(index)));
      if (options.holdOut() > 0) {
        splits.add(split("valid", train, TRAIN, heldOut::get));
      }
      splits.add(split("test", test, TEST, index -> true));
      return ImportSummary.of(out, NAME, DatasetWriter.write(out, header(), splits, progress));
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, e.getMessage()), e);
    }
  }

  private DatasetHeader header() {
    boolean binary = options.binarizeSeed().isPresent();
    String source =
        binary ? SOURCE + "; binarized with seed " + options.binarizeSeed().getAsLong() : SOURCE;
    return new DatasetHeader(
        NAME, source, binary ? Pixels.BINARY : Pixels.UINT8, DatasetHeader.Layout.COMPRESSED);
  }

  private BitSet heldOut(int count) {
    int holdOut = options.holdOut();
    if (holdOut >= count) {
      throw new DatasetException(
          "hold-out must be less than the %d training images, but is %d".formatted(count, holdOut));
    }
    BitSet heldOut = new BitSet(count);
    for (int index : KeyedPermutation.of(HOLD_OUT_KEY, count).subset(holdOut)) {
      heldOut.set(index);
    }
    return heldOut;
  }

  private SplitContent split(String name, IdxPair files, int part, IntPredicate selection)
      throws IOException {
    IdxPair.Header header = files.header();
    byte[] labels = select(IdxLabels.read(files.labels(), header.count()), selection);
    IdxImages.ImageChange change =
        options.binarizeSeed().isPresent()
            ? new StaticBinarization(options.binarizeSeed().getAsLong(), part)::apply
            : (index, image) -> {};
    return new SplitContent(
        name,
        new ImageShape(labels.length, header.rows(), header.columns(), 1),
        () -> new IdxImages(SourceFile.open(files.images())).select(selection, change),
        Optional.of(labels));
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
