package org.vnca.graph.session;

import java.util.Arrays;
import org.tensorflow.Result;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;

/** Arrays to tensors, which the caller closes, and back. */
final class Tensors {
  private Tensors() {}

  /**
   * Stored images: {@code [B, h, w, channels]} uint8.
   *
   * @param shape of one of them
   * @throws IllegalArgumentException if there are none, or a part of one
   */
  static TUint8 images(ImageShape shape, byte[] images) {
    int size = shape.dimensions();
    if (images.length == 0 || images.length % size != 0) {
      throw new IllegalArgumentException(
          "images of "
              + shape
              + " need a multiple of "
              + size
              + " bytes, but there are "
              + images.length);
    }
    return TUint8.tensorOf(
        Shape.of(images.length / size, shape.height(), shape.width(), shape.channels()),
        DataBuffers.of(images));
  }

  /** Rows of equal width: {@code [N, width]} float32. */
  static TFloat32 matrix(float[][] rows) {
    int width = rows[0].length;
    float[] values = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * width, width);
    }
    return TFloat32.tensorOf(Shape.of(rows.length, width), DataBuffers.of(values));
  }

  /** A float32 scalar among what was fetched. */
  static float scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  /** A float32 tensor of any shape as one array, row by row. */
  static float[] flat(Result result, int index) {
    TFloat32 tensor = (TFloat32) result.get(index);
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  /** An int32 tensor of any shape as one array, row by row. */
  static int[] ints(Result result, int index) {
    TInt32 tensor = (TInt32) result.get(index);
    int[] values = new int[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }

  /** A float32 tensor as rows along its first axis. */
  static float[][] rows(Result result, int index) {
    float[] values = flat(result, index);
    int count = Math.toIntExact(result.get(index).shape().get(0));
    int width = count == 0 ? 0 : values.length / count;
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
    }
    return rows;
  }
}
