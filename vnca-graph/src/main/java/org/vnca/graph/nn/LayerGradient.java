package org.vnca.graph.nn;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of one layer.
 *
 * @param dx of the input, or null where it was not wanted
 * @param dWeights of the parameters, in their order
 */
public record LayerGradient(Operand<TFloat32> dx, List<Operand<TFloat32>> dWeights) {}
