package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * What is done to an image at random whenever training reads it; never to one that is measured.
 *
 * @param flip whether left and right are exchanged with probability 1/2
 * @param shift the most pixels by which it is moved, each way; 0 for none
 */
public record AugmentSettings(boolean flip, int shift) {
  /** The paper has none. */
  public static final AugmentSettings PAPER = new AugmentSettings(false, 0);

  public AugmentSettings {
    InvalidSetting.requireAtLeast("shift", shift, 0);
  }

  /** Whether anything is done. */
  public boolean present() {
    return flip || shift > 0;
  }
}
