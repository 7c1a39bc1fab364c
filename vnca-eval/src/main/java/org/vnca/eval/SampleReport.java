package org.vnca.eval;

/**
 * A sheet of dreams.
 *
 * @param run the run's directory
 * @param step of the checkpoint
 * @param file the picture
 * @param count how many dreams
 * @param mean whether means of p(x|z) are shown in place of samples
 * @param side of an image, in pixels
 * @param weights {@code average} or {@code trained}
 */
public record SampleReport(
    String run, long step, String file, int count, boolean mean, int side, String weights) {}
