package org.vnca.train.trainer;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.Settings;
import org.vnca.train.run.Manifest;

/**
 * What a run may change when it goes on: how long and on what it runs, what it reports and how it
 * learns; never what its variables mean or which images come next.
 */
final class ResumeRules {
  private static final List<String> FIXED =
      List.of("name", "seed", "data.", "model.", "train.batch", "train.pool.size");

  /** The dataset may lie elsewhere; its checksum tells whether it is the same. */
  private static final List<String> FREE = List.of("data.file", "data.validation", "data.test");

  private ResumeRules() {}

  /**
   * Checks.
   *
   * @return what differs
   * @throws TrainingException if a key differs that must not
   */
  static List<Manifest.Change> check(Experiment before, Experiment now) {
    Map<String, Object> old = Settings.flatten(before);
    Map<String, Object> changed = Settings.flatten(now);
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(changed.keySet());
    keys.removeIf(key -> Objects.equals(old.get(key), changed.get(key)));
    for (String key : keys) {
      boolean fixed =
          FIXED.stream().anyMatch(f -> f.endsWith(".") ? key.startsWith(f) : key.equals(f));
      if (fixed && !FREE.contains(key)) {
        throw new TrainingException(
            key
                + " cannot change when a run goes on (it was "
                + old.get(key)
                + "); start a new run instead");
      }
    }
    return keys.stream()
        .map(key -> new Manifest.Change(key, text(old.get(key)), text(changed.get(key))))
        .toList();
  }

  private static String text(Object value) {
    return value == null ? "none" : value.toString();
  }
}
