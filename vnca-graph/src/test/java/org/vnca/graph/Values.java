package org.vnca.graph;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * Numbers with a shape, row-major.
 *
 * @param name what they are, for messages
 */
@SuppressWarnings("ArrayRecordComponent") // compared by the tests' own measure only
public record Values(String name, int[] shape, double[] data) {

  /** The same numbers with axes in another order: axis i of the result is axis order[i]. */
  public Values permute(int... order) {
    int[] to = Arrays.stream(order).map(axis -> shape[axis]).toArray();
    double[] out = new double[data.length];
    int[] index = new int[to.length];
    int[] strides = strides(shape);
    for (int flat = 0; flat < out.length; flat++) {
      int rest = flat;
      for (int i = to.length - 1; i >= 0; i--) {
        index[i] = rest % to[i];
        rest /= to[i];
      }
      int source = 0;
      for (int i = 0; i < to.length; i++) {
        source += index[i] * strides[order[i]];
      }
      out[flat] = data[source];
    }
    return new Values(name, to, out);
  }

  /** NCHW to NHWC. */
  public Values nhwc() {
    return permute(0, 2, 3, 1);
  }

  /** A PyTorch weight in this project's layout: OIHW to HWIO, (out, in) to (in, out). */
  public Values weight() {
    return switch (shape.length) {
      case 4 -> permute(2, 3, 1, 0);
      case 2 -> permute(1, 0);
      default -> this;
    };
  }

  /**
   * The dense layer behind the encoder's convolutions: PyTorch flattens C, H, W; this project H, W,
   * C.
   */
  public Values denseBehind(int channels) {
    int side = (int) Math.round(Math.sqrt(shape[1] / (double) channels));
    return reshape(shape[0], channels, side, side).permute(2, 3, 1, 0).reshape(shape[1], shape[0]);
  }

  /** The same numbers in another shape. */
  public Values reshape(int... to) {
    return new Values(name, to, data);
  }

  /** Part i along the first axis. */
  public Values part(int i) {
    int size = data.length / shape[0];
    return new Values(
        name + "[" + i + "]",
        Arrays.copyOfRange(shape, 1, shape.length),
        Arrays.copyOfRange(data, i * size, (i + 1) * size));
  }

  /** As a tensor, which the caller closes. */
  public TFloat32 tensor() {
    float[] floats = floats();
    long[] dimensions = Arrays.stream(shape).asLongStream().toArray();
    return TFloat32.tensorOf(Shape.of(dimensions), DataBuffers.of(floats));
  }

  /** As single precision. */
  public float[] floats() {
    float[] floats = new float[data.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) data[i];
    }
    return floats;
  }

  /** Largest absolute value. */
  public double most() {
    return Arrays.stream(data).map(Math::abs).max().orElse(0);
  }

  /** The golden vectors' measure: max |value - reference| / max |reference|. */
  public double deviation(float[] values) {
    if (values.length != data.length) {
      throw new AssertionError(name + ": " + values.length + " values for " + data.length);
    }
    double worst =
        IntStream.range(0, data.length)
            .mapToDouble(i -> Math.abs(values[i] - data[i]))
            .map(d -> Double.isNaN(d) ? Double.POSITIVE_INFINITY : d)
            .max()
            .orElse(0);
    return worst / Math.max(most(), Double.MIN_NORMAL);
  }

  private static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }
}
