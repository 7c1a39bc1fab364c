package org.vnca.eval.playground;

import java.util.List;

/**
 * A page that was written.
 *
 * @param file where it is
 * @param run the run's directory
 * @param step of the checkpoint
 * @param bytes its size
 * @param parameters of the decoder, which are all that the page holds
 * @param weights how they are written: {@code float32} or {@code float16}
 * @param examples images whose encodings the page holds
 * @param notes what the page lacks, or what is wrong with the model, a line each
 * @param modelWeights which of the checkpoint's they are: {@code average} or {@code trained}
 */
public record PlaygroundReport(
    String file,
    String run,
    long step,
    long bytes,
    long parameters,
    String weights,
    int examples,
    List<String> notes,
    String modelWeights) {
  public PlaygroundReport {
    notes = List.copyOf(notes);
  }
}
