package org.vnca.train.experiment;

import java.nio.file.Path;
import java.util.List;

/**
 * A grid of experiments that differ in chosen settings, each of which is to be a run.
 *
 * @param name what the sweep is called; the name of the directory of its runs
 * @param file where it is described
 * @param experiment the descriptor that all points start from
 * @param points the grid's points, all of them different experiments
 */
public record Sweep(String name, Path file, Path experiment, List<SweepPoint> points) {
  /** The setting that repeats an experiment with other random draws. */
  public static final String SEED = "seed";

  public Sweep {
    points = List.copyOf(points);
  }
}
