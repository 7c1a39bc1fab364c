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
 */
public record Parameter(
    String name,
    Shape shape,
    Operand<? extends TType> handle,
    Operand<TFloat32> value,
    Operand<TFloat32> initial) {}
