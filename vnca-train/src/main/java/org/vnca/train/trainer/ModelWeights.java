package org.vnca.train.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunException;

/** Which weights of a checkpoint a model has. */
public enum ModelWeights {
  /** The moving average of the weights ({@code train.average}). */
  AVERAGE,
  /** The weights as the optimizer left them. */
  TRAINED;

  /** As command lines and reports write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All, as command lines write them. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ModelWeights::word).toList();
  }

  /** Those that are written so. */
  public static ModelWeights of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** What a caption says of them behind the step: nothing of weights as the optimizer left them. */
  public String behindStep() {
    return this == AVERAGE ? ", average of the weights" : "";
  }

  /** Whether a checkpoint has the average of its weights. */
  static boolean averaged(Checkpoint checkpoint) {
    return checkpoint.facts().containsKey(Models.AVERAGE);
  }

  /**
   * Which of a checkpoint's weights are taken.
   *
   * @param wanted by a person; if nothing is said, the average if there is one
   * @throws RunException if the checkpoint has no average but it is wanted
   */
  static ModelWeights of(Checkpoint checkpoint, Optional<ModelWeights> wanted) {
    boolean averaged = averaged(checkpoint);
    if (!averaged && wanted.equals(Optional.of(AVERAGE))) {
      throw new RunException(
          "%s has no average of its weights, since train.average.decay was 0; leave --weights out"
              .formatted(checkpoint.path()));
    }
    return wanted.orElse(averaged ? AVERAGE : TRAINED);
  }
}
