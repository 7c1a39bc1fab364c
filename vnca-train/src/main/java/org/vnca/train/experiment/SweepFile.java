package org.vnca.train.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A sweep's file, its own keys checked, from which the settings of each point are built. */
final class SweepFile {
  static final String NAME = "name";
  static final String EXPERIMENT = "experiment";
  static final String SET = "set";
  static final String GRID = "grid";

  private static final List<String> KEYS = List.of(NAME, EXPERIMENT, SET, GRID);

  /**
   * A key of the grid.
   *
   * @param key dotted
   * @param values at least one, no two written alike
   * @param origin where the key stands
   */
  record Axis(String key, List<Node> values, Origin origin) {}

  private final Path file;
  private final Node root;
  private final Map<String, RawSetting> members;
  private final List<Axis> axes;

  /**
   * Reads the file.
   *
   * @throws ExperimentException if it is not YAML, or one of its own keys is missing, unknown or of
   *     the wrong form
   */
  SweepFile(Path file) {
    this.file = file;
    this.root = Document.compose(Document.text(file, null), this::at);
    this.members = members();
    for (Map.Entry<String, RawSetting> member : members.entrySet()) {
      if (!KEYS.contains(member.getKey())) {
        throw member.getValue().origin().fault(unknown(member.getKey()));
      }
    }
    this.axes = axes();
  }

  /** A fresh reading of the root: what is made of it may be changed. */
  private Map<String, RawSetting> members() {
    return ExperimentReader.group(root, this::at).members();
  }

  private Origin at(int line) {
    return Origin.ofLine(Integer.MAX_VALUE, file, line + 1);
  }

  private static String unknown(String key) {
    return "no such key "
        + key
        + Nearest.to(key, KEYS)
            .map(near -> "; did you mean " + near + "?")
            .orElse(
                "; the keys of a sweep are "
                    + String.join(", ", KEYS)
                    + "; settings of the experiment go below set or grid");
  }

  private RawSetting required(String key) {
    RawSetting given = members.get(key);
    if (given == null) {
      throw new ExperimentException(file.toString(), "a sweep needs the key " + key);
    }
    return given;
  }

  /** The text that a key must have. */
  String text(String key) {
    RawSetting given = required(key);
    try {
      if (given instanceof RawSetting.Value value) {
        return (String) Values.read(String.class, value.node());
      }
    } catch (Values.Misfit e) {
      throw given.origin().fault(key + " " + e.getMessage());
    }
    throw given.origin().fault(key + " takes a value and has no keys of its own");
  }

  /** Where a key stands. */
  Origin origin(String key) {
    return required(key).origin();
  }

  /** The keys of the grid, in the file's order. */
  List<Axis> grid() {
    return axes;
  }

  private List<Axis> axes() {
    RawSetting given = required(GRID);
    if (!(given instanceof RawSetting.Group group) || group.members().isEmpty()) {
      throw given
          .origin()
          .fault("grid must be keys with lists of values, such as train.batch: [16, 32]");
    }
    List<Axis> found = new ArrayList<>();
    group.members().forEach((key, values) -> found.add(axis(key, values)));
    return List.copyOf(found);
  }

  private static Axis axis(String key, RawSetting given) {
    requireSetting(GRID, key, given);
    if (key.equals(NAME)) {
      throw given.origin().fault("grid.name cannot vary: it changes no result");
    }
    if (!(given instanceof RawSetting.Value value
        && value.node() instanceof SequenceNode sequence)) {
      throw given
          .origin()
          .fault("grid." + key + " must be a list of values; keys inside keys have dots");
    }
    if (sequence.getValue().isEmpty()) {
      throw given.origin().fault("grid." + key + " must have at least one value");
    }
    Set<String> seen = new HashSet<>();
    for (Node member : sequence.getValue()) {
      if (isEmpty(member)) {
        throw given.origin().fault("grid." + key + " must hold no empty value");
      }
      if (!seen.add(written(member))) {
        String shown = Values.brief(written(member), 200);
        throw given.origin().fault("grid." + key + " has " + shown + " twice");
      }
    }
    return new Axis(key, sequence.getValue(), given.origin());
  }

  /** Nothing, or a group in which a key is given nothing: such a value would set nothing. */
  private static boolean isEmpty(Node node) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().isEmpty()
            || mapping.getValue().stream().anyMatch(tuple -> isEmpty(tuple.getValueNode()))
        : Values.isEmpty(node);
  }

  private static void requireSetting(String group, String key, RawSetting given) {
    if (key.equals(ExperimentReader.EXTENDS)) {
      throw given.origin().fault(group + "." + key + ": extends belongs in the experiment's file");
    }
  }

  /**
   * One layer of settings, as {@code --set} would make it: what is set for all, and one value of
   * each key of the grid.
   *
   * @param choice for each key of the grid the place of its value
   * @param keys takes the dotted keys that the grid gives, those inside groups too
   * @throws ExperimentException if two of them give the same setting
   */
  RawSetting.Group layer(int[] choice, Collection<String> keys) {
    RawSetting.Group layer = new RawSetting.Group(new LinkedHashMap<>(), origin(GRID));
    Map<String, Origin> taken = new LinkedHashMap<>();
    settings().forEach((key, given) -> add(layer, taken, key, given));
    for (int axis = 0; axis < choice.length; axis++) {
      Node node = axes.get(axis).values().get(choice[axis]);
      String key = axes.get(axis).key();
      RawSetting given = RawSetting.of(node, this::at, node.getStartMark().getLine());
      leaves(key, given, keys);
      add(layer, taken, key, given);
    }
    return layer;
  }

  private Map<String, RawSetting> settings() {
    RawSetting given = members().get(SET);
    if (given == null
        || (given instanceof RawSetting.Value value && Values.isEmpty(value.node()))) {
      return Map.of();
    }
    if (given instanceof RawSetting.Group group) {
      return group.members();
    }
    throw given.origin().fault("set must be keys with values, such as train.steps: 500");
  }

  private static void add(
      RawSetting.Group layer, Map<String, Origin> taken, String key, RawSetting given) {
    requireSetting(SET, key, given);
    if (given instanceof RawSetting.Value value && Values.isEmpty(value.node())) {
      throw given.origin().fault("set." + key + " has no value");
    }
    List<String> leaves = new ArrayList<>();
    leaves(key, given, leaves);
    if (leaves.isEmpty()) {
      throw given.origin().fault("set." + key + " has no value");
    }
    for (String leaf : leaves) {
      taken.forEach(
          (other, first) -> {
            if (isInside(leaf, other) || isInside(other, leaf)) {
              String where = leaf.equals(other) ? "first at " : "as " + other + " at ";
              throw given.origin().fault(leaf + " is given twice, " + where + first.where());
            }
          });
      taken.put(leaf, given.origin());
    }
    layer.put(key.split("\\.", -1), 0, given);
  }

  private static boolean isInside(String key, String group) {
    return key.equals(group) || key.startsWith(group + ".");
  }

  private static void leaves(String key, RawSetting given, Collection<String> leaves) {
    if (given instanceof RawSetting.Group group) {
      group.members().forEach((inner, value) -> leaves(key + "." + inner, value, leaves));
    } else {
      leaves.add(key);
    }
  }

  /** A point's values of the grid as the file writes them, for messages. */
  String described(int[] choice) {
    List<String> values = new ArrayList<>();
    for (int axis = 0; axis < choice.length; axis++) {
      Node node = axes.get(axis).values().get(choice[axis]);
      values.add(axes.get(axis).key() + "=" + Values.brief(written(node), 200));
    }
    return String.join(" ", values);
  }

  private static String written(Node node) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .map(tuple -> written(tuple.getKeyNode()) + ": " + written(tuple.getValueNode()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .map(SweepFile::written)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return node instanceof ScalarNode scalar
        ? scalar.getValue().replaceAll("\\s+", " ")
        : Values.describe(node);
  }
}
