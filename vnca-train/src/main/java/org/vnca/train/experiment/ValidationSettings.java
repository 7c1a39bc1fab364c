package org.vnca.train.experiment;

import java.util.List;
import org.vnca.graph.spec.InvalidSetting;

/**
 * The bound on the validation split while training goes on.
 *
 * @param every training steps between two validations; 0 for none
 * @param images images of the validation split, a random subset that is the same in every run; 0
 *     for all
 * @param samples importance samples per image; 1 makes the bound the ELBO
 * @param patience training ends after so many validations in a row without a better bound; 0 for
 *     never
 */
public record ValidationSettings(long every, int images, int samples, int patience) {
  /** Not in the paper, which says only that a validation set selects the model. */
  public static final ValidationSettings PAPER = new ValidationSettings(1000, 1000, 1, 0);

  public ValidationSettings {
    InvalidSetting.requireAtLeast("every", every, 0);
    InvalidSetting.requireAtLeast("images", images, 0);
    InvalidSetting.requireAtLeast("samples", samples, 1);
    InvalidSetting.requireAtLeast("patience", patience, 0);
    if (patience > 0 && every == 0) {
      throw new InvalidSetting(
          "patience",
          "must be 0 if every is 0, which turns validations off",
          patience,
          List.of("every"));
    }
  }

  /**
   * Whether training has gone on for too long without a better bound.
   *
   * @param step training steps done
   * @param best step of the best bound
   */
  public boolean exhausted(long step, long best) {
    return patience > 0 && step - best >= patience * every;
  }

  /** Whether a validation follows training step {@code step}, counted from 1. */
  public boolean due(long step) {
    return every > 0 && step % every == 0;
  }
}
