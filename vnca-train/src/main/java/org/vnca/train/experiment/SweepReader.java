package org.vnca.train.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.vnca.base.file.Reason;

/**
 * Reads sweeps, and resolves every point of the grid, so that a fault in any of them shows before
 * the first one runs.
 *
 * <pre>
 * name: learning-rate
 * experiment: ../quickstart.yaml     # relative to this file
 * set:                               # for all points
 *   train.steps: 300
 * grid:                              # the points: every combination
 *   train.optimizer.learning-rate: [1e-3, 2e-3]
 *   seed: [1, 2, 3]                  # for error bars
 * </pre>
 */
public final class SweepReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MOST_POINTS = 10_000;
  private static final Comparator<String> SEED_LAST =
      Comparator.<String, Boolean>comparing(Sweep.SEED::equals)
          .thenComparing(Comparator.naturalOrder());

  private final Path file;
  private final SweepFile described;
  private final Path experiment;
  private final Collection<RawSetting.Group> layers;

  private SweepReader(Path file) {
    this.file = file;
    this.described = new SweepFile(file);
    this.experiment = experiment();
    this.layers = ExperimentReader.layers(experiment);
  }

  /**
   * Reads a sweep.
   *
   * @throws ExperimentException if a file cannot be read, a key is unknown, missing or given twice,
   *     a value is of the wrong type or breaks a rule at any point, or two points are the same; the
   *     message names the file and line
   */
  public static Sweep read(Path file) {
    return new SweepReader(file).sweep();
  }

  /**
   * A fault of a point that shows only later, such as a dataset that is not there.
   *
   * @param sweep what {@link #read} gave
   * @param point one of its points
   * @param setting path of the component at fault, such as {@code data.padTo}
   * @param fault what is wrong
   * @return to be thrown; it names where the setting was given, or the sweep's file if it was not
   */
  public static ExperimentException fault(
      Sweep sweep, SweepPoint point, String setting, String fault) {
    SweepReader reader = new SweepReader(sweep.file());
    int[] choice = reader.choice(point.index());
    return reader
        .section(choice, new ArrayList<>())
        .originOf(setting)
        .orElse(new Origin(0, 0, sweep.file().toString()))
        .fault(fault)
        .with(reader.inPoint(point.index(), choice));
  }

  private Sweep sweep() {
    String name = described.text(SweepFile.NAME);
    if (!NAME.matcher(name).matches()) {
      throw described
          .origin(SweepFile.NAME)
          .fault(
              "name must be 1 to 100 letters, digits, dots, dashes or underscores, a letter or"
                  + " digit first, but is '"
                  + name
                  + "'");
    }
    PointNames names = new PointNames(described.grid().stream().map(SweepFile.Axis::key).toList());
    List<SweepPoint> points = new ArrayList<>();
    for (int index = 0; index < size(); index++) {
      points.add(point(index, names));
    }
    requireDifferent(points);
    return new Sweep(name, file, experiment, points);
  }

  private Path experiment() {
    String written = described.text(SweepFile.EXPERIMENT);
    Origin origin = described.origin(SweepFile.EXPERIMENT);
    try {
      Path path = file.resolveSibling(written);
      if (written.isBlank() || !Files.isRegularFile(path)) {
        throw origin.fault("experiment must name a file, but there is no file " + path);
      }
      Path shorter = path.normalize();
      return Files.exists(shorter) && Files.isSameFile(path, shorter) ? shorter : path;
    } catch (InvalidPathException e) {
      throw origin.fault("experiment must name a file, but is " + written + ": " + e.getReason());
    } catch (IOException e) {
      throw origin.fault("experiment must name a file, but is " + written + ": " + Reason.of(e));
    }
  }

  private int size() {
    long size = 1;
    for (SweepFile.Axis axis : described.grid()) {
      size *= axis.values().size();
      if (size > MOST_POINTS) {
        throw axis.origin().fault("grid makes more than " + MOST_POINTS + " points");
      }
    }
    return (int) size;
  }

  /** The places of a point's values: the last key changes fastest. */
  private int[] choice(int index) {
    List<SweepFile.Axis> grid = described.grid();
    int[] choice = new int[grid.size()];
    int rest = index;
    for (int axis = choice.length - 1; axis >= 0; axis--) {
      int values = grid.get(axis).values().size();
      choice[axis] = rest % values;
      rest /= values;
    }
    return choice;
  }

  private SweepPoint point(int index, PointNames names) {
    int[] choice = choice(index);
    List<String> keys = new ArrayList<>();
    Section section = section(choice, keys);
    Experiment built;
    try {
      built = (Experiment) section.build(described.origin(SweepFile.GRID));
    } catch (ExperimentException e) {
      throw e.with(inPoint(index, choice));
    }
    Map<String, Object> all = Settings.flatten(built);
    Map<String, Object> values = new LinkedHashMap<>();
    keys.stream().sorted(SEED_LAST).forEach(key -> values.put(key, all.get(key)));
    return new SweepPoint(index, names.name(values), values, built);
  }

  private String inPoint(int index, int[] choice) {
    return " (point " + index + ": " + described.described(choice) + ")";
  }

  private Section section(int[] choice, Collection<String> keys) {
    Section section = ExperimentReader.section(layers);
    section.apply(described.layer(choice, keys));
    return section;
  }

  private void requireDifferent(List<SweepPoint> points) {
    Map<Experiment, SweepPoint> experiments = new HashMap<>();
    Map<String, SweepPoint> names = new HashMap<>();
    for (SweepPoint point : points) {
      SweepPoint same = experiments.putIfAbsent(point.experiment(), point);
      SweepPoint named = names.putIfAbsent(point.name().toLowerCase(Locale.ROOT), point);
      if (same != null || named != null) {
        throw described
            .origin(SweepFile.GRID)
            .fault(
                "points %d and %d are the same, %s: a value is there twice"
                    .formatted((same != null ? same : named).index(), point.index(), point.name()));
      }
    }
  }
}
