package org.vnca.graph.training;

import org.tensorflow.Operand;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;

/**
 * What a training step with a pool is fed besides its images; {@link PoolOrder} says the numbers.
 *
 * @param read slots whose entries take the place of the batch's last images, {@code [n]} int32
 * @param rows images of the batch that enter the pool, {@code [m]} int32
 * @param slots into which they go, {@code [m]} int32
 * @param corners of the damaged squares, row and column, {@code [n, 2]} int32; drawn, but a test
 *     may feed them
 * @param steps T, scalar int32; drawn, but a test may feed it
 */
public record PoolPorts(
    Placeholder<TInt32> read,
    Placeholder<TInt32> rows,
    Placeholder<TInt32> slots,
    Operand<TInt32> corners,
    Operand<TInt32> steps) {}
