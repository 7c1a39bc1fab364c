package org.vnca.graph.nn;

import org.tensorflow.ndarray.Shape;

/**
 * What a layer asks for: a parameter that is not in a graph yet.
 *
 * @param name its name in checkpoints, such as {@code encoder/conv0/weight}
 * @param shape its static shape
 * @param initial its first value
 */
public record ParameterSpec(String name, Shape shape, Initial initial) {}
