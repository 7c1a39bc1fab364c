package org.vnca.train.trainer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.vnca.train.experiment.GuardSettings;

/** The norms of the last gradients, and how large the next one may be. */
final class Guard {
  private final GuardSettings settings;
  private final Deque<Float> norms = new ArrayDeque<>();

  Guard(GuardSettings settings) {
    this.settings = settings;
  }

  /** The largest norm of a step that is taken; infinite as long as too few are known. */
  float limit() {
    if (!settings.present() || norms.size() < settings.window()) {
      return Float.POSITIVE_INFINITY;
    }
    float[] sorted = new float[norms.size()];
    int i = 0;
    for (float norm : norms) {
      sorted[i++] = norm;
    }
    java.util.Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1
            ? sorted[middle]
            : (sorted[middle - 1] + (double) sorted[middle]) / 2;
    return (float) (settings.times() * median);
  }

  /** Notes the norm of a step that was taken. */
  void taken(float norm) {
    if (settings.present()) {
      norms.addLast(norm);
      if (norms.size() > settings.window()) {
        norms.removeFirst();
      }
    }
  }

  /** What a checkpoint keeps: the norms, oldest first. */
  List<Float> norms() {
    return List.copyOf(norms);
  }

  /** Takes what a checkpoint kept; of a larger window the last ones. */
  void restore(List<? extends Number> kept) {
    norms.clear();
    List<? extends Number> known = new ArrayList<>(kept);
    known.forEach(norm -> taken(norm.floatValue()));
  }
}
