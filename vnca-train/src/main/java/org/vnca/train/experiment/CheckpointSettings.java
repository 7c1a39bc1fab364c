package org.vnca.train.experiment;

import org.vnca.graph.spec.InvalidSetting;

/**
 * When a run is saved.
 *
 * @param every training steps between two checkpoints; 0 for the last step only
 * @param keep newest checkpoints that are kept; the best one is kept besides
 */
public record CheckpointSettings(long every, int keep) {
  /** Not in the paper. */
  public static final CheckpointSettings PAPER = new CheckpointSettings(1000, 3);

  public CheckpointSettings {
    InvalidSetting.requireAtLeast("every", every, 0);
    InvalidSetting.requireAtLeast("keep", keep, 1);
  }

  /** Whether a checkpoint follows training step {@code step}, counted from 1. */
  public boolean due(long step) {
    return every > 0 && step % every == 0;
  }
}
