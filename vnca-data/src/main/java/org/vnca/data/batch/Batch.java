package org.vnca.data.batch;

/**
 * The images of one training step. The array is handed over, not copied: it is the receiver's own
 * and is never written again.
 *
 * @param step the step they are for, from 0
 * @param images {@code [B, H, W, C]}, uint8; as large as its {@link Variation} makes them, if there
 *     is one
 */
@SuppressWarnings("ArrayRecordComponent") // two batches are never compared
public record Batch(long step, byte[] images) {}
