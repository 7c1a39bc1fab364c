package org.vnca.train.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vnca.graph.training.Reading;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.RunException;

/** Which weights of a checkpoint a model has. */
public enum ModelWeights {
  /** The moving average of the weights ({@code train.average}). */
  AVERAGE,
  /** The weights as the optimizer left them. */
  TRAINED;

  /** A fact of a checkpoint that was kept with its weights alone: which they are. */
  static final String KEPT = "weightsKept";

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

  /** Whether a checkpoint has the average of its weights beside them. */
  static boolean averaged(Checkpoint checkpoint) {
    return checkpoint.facts().containsKey(Models.AVERAGE);
  }

  /**
   * Which of a checkpoint's weights are taken.
   *
   * @param wanted by a person; if nothing is said, the average if there is one
   * @throws RunException if the checkpoint does not have those that are wanted
   */
  static ModelWeights of(Checkpoint checkpoint, Optional<ModelWeights> wanted) {
    if (averaged(checkpoint)) {
      return wanted.orElse(AVERAGE);
    }
    ModelWeights only = isAverage(checkpoint) ? AVERAGE : TRAINED;
    if (wanted.isPresent() && wanted.get() != only) {
      throw new RunException(
          only == AVERAGE
              ? "%s was kept with the average of the weights alone; leave --weights out"
                  .formatted(checkpoint.path())
              : "%s has no average of its weights, since train.average.decay was 0; leave --weights out"
                  .formatted(checkpoint.path()));
    }
    return only;
  }

  /** Where a session without an optimizer reads these weights of a checkpoint. */
  Reading reading(Checkpoint checkpoint) {
    return this == AVERAGE && averaged(checkpoint) ? Reading.AVERAGE : Reading.AS_WRITTEN;
  }

  /** Whether a checkpoint's weights, the only ones, are an average themselves. */
  private static boolean isAverage(Checkpoint checkpoint) {
    return AVERAGE.word().equals(checkpoint.facts().get(KEPT));
  }
}
