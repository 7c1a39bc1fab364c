package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * The bound on the validation split while training goes on.
 *
 * @param every training steps between two validations; 0 for none
 * @param images images of the validation split, a random subset that is the same in every run; 0
 *     for all
 * @param samples importance samples per image; 1 makes the bound the ELBO
 */
public record ValidationSettings(long every, int images, int samples) {
  /** Not in the paper, which says only that a validation set selects the model. */
  public static final ValidationSettings PAPER = new ValidationSettings(1000, 1000, 1);

  public ValidationSettings {
    InvalidSetting.requireAtLeast("every", every, 0);
    InvalidSetting.requireAtLeast("images", images, 0);
    InvalidSetting.requireAtLeast("samples", samples, 1);
  }

  /** Whether a validation follows training step {@code step}, counted from 1. */
  public boolean due(long step) {
    return every > 0 && step % every == 0;
  }
}
