package org.vnca.eval.figure;

import java.util.Map;

/**
 * A figure that was drawn.
 *
 * @param figure its name
 * @param paper which figures of the paper it is
 * @param caption what is seen
 * @param run the run's directory
 * @param step of the checkpoint
 * @param decoder the decoder's type
 * @param file the picture
 * @param format {@code png}, {@code svg}, {@code pdf} or {@code gif}
 * @param seed which samples, images and damage
 * @param numbers what was measured, units in the names
 * @param weights that were drawn: {@code average} or {@code trained}
 * @param seconds wall time
 */
public record FigureReport(
    String figure,
    String paper,
    String caption,
    String run,
    long step,
    String decoder,
    String file,
    String format,
    long seed,
    Map<String, Object> numbers,
    String weights,
    double seconds) {}
