package org.vnca.train.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One point of a sweep's grid: an experiment to be run.
 *
 * @param index its place in the grid, from 0; the grid's last key changes fastest
 * @param name what its run is called: the grid's keys in short with their values; depends on
 *     nothing else, so that a grid that gets more values keeps its runs
 * @param values what the grid gives it, by dotted key, {@code seed} last; as {@link
 *     Settings#flatten} has them
 * @param experiment all of its settings
 */
public record SweepPoint(
    int index, String name, Map<String, Object> values, Experiment experiment) {
  public SweepPoint {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
