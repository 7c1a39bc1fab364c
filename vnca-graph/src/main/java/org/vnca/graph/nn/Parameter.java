package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * A variable of a graph, float32.
 *
 * @param name its name in checkpoints, such as {@code encoder/conv0/weight}
 * @param shape its static shape; convolutions are HWIO, dense layers {@code [in, out]}
 * @param handle the resource
 * @param value its value, read once per run of the graph
 * @param initial its first value
 * @param saved what it is in a checkpoint
 */
public record Parameter(
    String name,
    Shape shape,
    Operand<? extends TType> handle,
    Operand<TFloat32> value,
    Operand<TFloat32> initial,
    Slice saved) {

  /**
   * Consecutive rows of a tensor in a checkpoint.
   *
   * @param name the tensor's
   * @param shape the tensor's
   * @param first row
   */
  public record Slice(String name, Shape shape, long first) {}

  /**
   * Which part of the tensor in a checkpoint it is, as TensorFlow writes it; empty for the whole.
   */
  public String sliceSpec() {
    if (saved.shape().equals(shape)) {
      return "";
    }
    StringBuilder spec = new StringBuilder();
    for (long size : saved.shape().asArray()) {
      spec.append(size).append(' ');
    }
    spec.append(saved.first()).append(',').append(shape.get(0));
    return spec.append(":-".repeat(shape.numDimensions() - 1)).toString();
  }
}
