package org.vnca.train.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Reads descriptors. Values come from, in this order, each over the ones before: the records'
 * defaults, the files that a descriptor extends, the descriptor itself, the overrides.
 */
public final class ExperimentReader {
  static final String EXTENDS = "extends";

  private static final int LONGEST_CHAIN = 50;

  private ExperimentReader() {}

  /** As {@link #read(Path, List)}, without overrides. */
  public static Experiment read(Path file) {
    return read(file, List.of());
  }

  /**
   * Reads a descriptor.
   *
   * @param file YAML; {@code extends: other.yaml} in it is relative to it; an empty file is the
   *     paper's experiment
   * @param overrides {@code KEY=VALUE}, the key dotted; the value is text as it stands there,
   *     unless its key takes a number, a word, {@code true} or {@code false}, a list such as {@code
   *     [a, b]} or a group such as {@code {type: simple, hidden: 64}}; the last one of a key counts
   * @throws ExperimentException if a file cannot be read, a key is unknown or twice in a file, or a
   *     value is of the wrong type or breaks a rule; the message names the file and line, or the
   *     override
   */
  public static Experiment read(Path file, List<String> overrides) {
    return (Experiment) section(file, overrides).build(new Origin(0, 0, file.toString()));
  }

  /**
   * A fault of a descriptor that shows only later, such as a dataset that is not there.
   *
   * @param file the descriptor
   * @param overrides as they were given to {@link #read(Path, List)}
   * @param setting path of the component at fault, such as {@code data.padTo}
   * @param fault what is wrong
   * @return to be thrown; it names where the setting was given, or the file if it was not
   */
  public static ExperimentException fault(
      Path file, List<String> overrides, String setting, String fault) {
    return section(file, overrides)
        .originOf(setting)
        .orElse(new Origin(0, 0, file.toString()))
        .fault(fault);
  }

  private static Section section(Path file, List<String> overrides) {
    Section section = section(layers(file));
    section.apply(overrides(overrides));
    return section;
  }

  /** What the layers say over the records' defaults. */
  static Section section(Collection<RawSetting.Group> layers) {
    Section section = Section.of(Experiment.PAPER);
    layers.forEach(section::apply);
    return section;
  }

  /** A descriptor as layers: what it extends at last first, itself last. */
  static Collection<RawSetting.Group> layers(Path file) {
    Deque<RawSetting.Group> layers = new ArrayDeque<>();
    addLayers(file, null, new LinkedHashSet<>(), layers);
    return layers;
  }

  /**
   * Puts a file, then what it extends, in front of the layers.
   *
   * @param reference the key that names the file, null for the first one
   */
  private static void addLayers(
      Path file, Origin reference, Set<Path> seen, Deque<RawSetting.Group> layers) {
    requireNew(file, reference, seen);
    String text = Document.text(file, reference);
    int layer = Integer.MAX_VALUE - 1 - layers.size();
    RawSetting.Lines where = line -> Origin.ofLine(layer, file, line + 1);
    RawSetting.Group given = group(Document.compose(text, where), where);
    RawSetting base = given.members().remove(EXTENDS);
    layers.addFirst(given);
    if (base != null) {
      addLayers(base(file, base), base.origin(), seen, layers);
    }
  }

  /** Refuses a file that is among those before by any of its names, and a chain without end. */
  private static void requireNew(Path file, Origin reference, Set<Path> seen) {
    if (seen.stream().anyMatch(before -> same(before, file))) {
      throw reference.fault(
          "extends leads in a circle: "
              + seen.stream().map(Path::toString).collect(Collectors.joining(" -> "))
              + " -> "
              + file.normalize());
    }
    if (seen.size() == LONGEST_CHAIN) {
      throw reference.fault("extends is a chain of more than " + LONGEST_CHAIN + " files");
    }
    seen.add(file.normalize());
  }

  private static boolean same(Path one, Path other) {
    try {
      return one.equals(other.normalize())
          || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
    } catch (IOException e) {
      // What cannot be read is told when it is read.
      return false;
    }
  }

  private static Path base(Path file, RawSetting base) {
    if (!(base instanceof RawSetting.Value value
        && value.node() instanceof ScalarNode scalar
        && !scalar.getValue().isBlank())) {
      throw base.origin().fault("extends must name one file");
    }
    try {
      return file.resolveSibling(scalar.getValue());
    } catch (InvalidPathException e) {
      throw base.origin().fault("extends must name one file, but is " + scalar.getValue());
    }
  }

  static RawSetting.Group group(Node root, RawSetting.Lines where) {
    if (root == null || Values.isEmpty(root)) {
      return new RawSetting.Group(new LinkedHashMap<>(), where.at(0));
    }
    if (RawSetting.of(root, where, root.getStartMark().getLine())
        instanceof RawSetting.Group group) {
      return group;
    }
    throw where.at(root.getStartMark().getLine()).fault("a descriptor must be a group of keys");
  }

  /** All overrides as one layer, so that a type among them is taken before its keys. */
  private static RawSetting.Group overrides(List<String> overrides) {
    RawSetting.Group all = new RawSetting.Group(new LinkedHashMap<>(), Origin.ofOverride(0, ""));
    for (int place = 0; place < overrides.size(); place++) {
      String override = overrides.get(place);
      Origin origin = Origin.ofOverride(place, override);
      int equals = override.indexOf('=');
      if (equals < 1) {
        throw origin.fault("must be KEY=VALUE, such as train.batch=32");
      }
      RawSetting given = Typed.of(override.substring(equals + 1), origin);
      String[] path = override.substring(0, equals).strip().split("\\.", -1);
      if (path[0].equals(EXTENDS)) {
        throw origin.fault("extends belongs in a file");
      }
      all.put(path, 0, given);
    }
    return all;
  }
}
