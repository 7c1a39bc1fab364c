package org.vnca.data.imports;

import java.util.BitSet;
import org.vnca.data.ImageSource;
import org.vnca.data.SplitShape;
import org.vnca.data.hdf5.Hdf5Array;

/**
 * Images of an array whose axes and values are not the program's own, one after the other. Where
 * the images' axis is the first, a few of them are read at a time; elsewhere the array is read once
 * for each block of images that fits into memory.
 */
final class ForeignImages implements ImageSource {
  /** Pixels that are gathered in one pass over an array whose first axis is not the images'. */
  private static final int GATHERED = 1 << 26;

  private final ArrayValues values;
  private final AxisOrder order;
  private final PixelScale scale;
  private final BitSet selected;
  private final Rounding rounding;
  private final int imageBytes;
  private final long[] shape;

  private byte[] block = new byte[0];
  private int blockFirst;
  private int blockImages;
  private int next;

  /** Hears whether values had to be rounded. */
  static final class Rounding {
    private boolean rounded;

    /** Whether any value was between two levels. */
    boolean happened() {
      return rounded;
    }
  }

  /**
   * @param selected which images are handed over, by their place in the array
   */
  ForeignImages(
      Hdf5Array array, AxisOrder order, PixelScale scale, BitSet selected, Rounding rounding) {
    this.values = new ArrayValues(array);
    this.shape = array.shape();
    this.order = order;
    this.scale = scale;
    this.selected = selected;
    this.rounding = rounding;
    this.imageBytes = shape(array, order).image().dimensions();
  }

  /**
   * The images' shape.
   *
   * @throws IllegalArgumentException if there are none, or too many channels
   */
  static SplitShape shape(Hdf5Array array, AxisOrder order) {
    long[] shape = array.shape();
    for (long length : shape) {
      if (length > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("an axis must not be longer than 2^31 - 1");
      }
    }
    return SplitShape.of(
        (int) order.length('n', shape),
        (int) order.length('h', shape),
        (int) order.length('w', shape),
        (int) order.length('c', shape));
  }

  @Override
  public boolean next(byte[] image) {
    int index = selected.nextSetBit(next);
    if (index < 0) {
      return false;
    }
    if (index >= blockFirst + blockImages) {
      read(index);
    }
    System.arraycopy(block, (index - blockFirst) * imageBytes, image, 0, imageBytes);
    next = index + 1;
    return true;
  }

  private void read(int index) {
    long images = order.length('n', shape);
    boolean first = order.letters().charAt(0) == 'n';
    int most = first ? values.rowsAtOnce() : Math.max(1, GATHERED / imageBytes);
    blockFirst = index;
    blockImages = (int) Math.min(most, images - index);
    int length = Math.multiplyExact(blockImages, imageBytes);
    if (block.length != length) {
      block = new byte[length];
    }
    if (first) {
      place(values.read(blockFirst, blockImages), 0, blockImages, 0);
      return;
    }
    int step = values.rowsAtOnce();
    for (long row = 0; row < shape[0]; row += step) {
      int rows = (int) Math.min(step, shape[0] - row);
      place(values.read(row, rows), (int) row, rows, blockFirst);
    }
  }

  /**
   * Puts rows where they belong: walks over the array's axes in their own order.
   *
   * @param firstRow of the first axis, where it is not the images'
   * @param firstImage the image that the block begins with, where another axis is the images'
   */
  private void place(double[] rows, int firstRow, int count, int firstImage) {
    int axes = shape.length;
    int[] lengths = new int[axes];
    long[] strides = new long[axes];
    for (int axis = 0; axis < axes; axis++) {
      lengths[axis] = axis == 0 ? count : (int) shape[axis];
      strides[axis] = stride(order.letters().charAt(axis));
    }
    int images = order.letters().indexOf('n');
    int[] at = new int[axes];
    int last = axes - 1;
    for (int from = 0; from < rows.length; from += lengths[last]) {
      long target = (long) firstRow * (images == 0 ? 0 : strides[0]);
      for (int axis = 0; axis < last; axis++) {
        target += (at[axis] - (axis == images ? firstImage : 0)) * strides[axis];
      }
      if (images == last) {
        for (int i = 0; i < blockImages; i++) {
          put(rows[from + firstImage + i], target + i * strides[last]);
        }
      } else if (images == 0 || isInBlock(at[images], firstImage)) {
        for (int i = 0; i < lengths[last]; i++) {
          put(rows[from + i], target + i * strides[last]);
        }
      }
      advance(at, lengths);
    }
  }

  private boolean isInBlock(int image, int firstImage) {
    return image >= firstImage && image < firstImage + blockImages;
  }

  private static void advance(int[] at, int[] lengths) {
    for (int axis = at.length - 2; axis >= 0; axis--) {
      if (++at[axis] < lengths[axis]) {
        return;
      }
      at[axis] = 0;
    }
  }

  private void put(double value, long target) {
    rounding.rounded |= scale.isRounded(value);
    block[(int) target] = scale.pixel(value);
  }

  private long stride(char letter) {
    long channels = order.length('c', shape);
    return switch (letter) {
      case 'c' -> 1;
      case 'w' -> channels;
      case 'h' -> channels * order.length('w', shape);
      default -> imageBytes;
    };
  }

  @Override
  public void close() {}
}
