package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * How often samples and reconstructions are drawn into the event files.
 *
 * @param every training steps between two drawings; 0 for none
 */
public record ImageSettings(long every) {
  /** Not in the paper. */
  public static final ImageSettings PAPER = new ImageSettings(1000);

  public ImageSettings {
    InvalidSetting.requireAtLeast("every", every, 0);
  }

  /** Whether a drawing follows training step {@code step}, counted from 1. */
  public boolean due(long step) {
    return every > 0 && step % every == 0;
  }
}
