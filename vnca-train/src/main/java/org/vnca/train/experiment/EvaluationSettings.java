package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * The importance-weighted bound of a trained model.
 *
 * @param samples importance samples per image; 128 in the paper
 * @param split name of the split in the data file that is evaluated
 * @param batch images decoded in one run of the graph, over all samples; changes memory, not the
 *     result
 */
public record EvaluationSettings(int samples, String split, int batch) {
  /** The paper's 128 samples on the test split. */
  public static final EvaluationSettings PAPER = new EvaluationSettings(128, "test", 128);

  public EvaluationSettings {
    InvalidSetting.requireAtLeast("samples", samples, 1);
    InvalidSetting.requirePresent("split", split);
    if (split.isBlank()) {
      throw new InvalidSetting("split", "must not be blank", "'" + split + "'");
    }
    InvalidSetting.requireAtLeast("batch", batch, 1);
  }
}
