package org.vnca.train.experiment;

import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Values that a person types on a command line. They are not YAML: {@code a #1.h5} is a name and no
 * comment, and quotes are part of it. Only what reads as a whole list or map is one, and a key that
 * takes text takes that as it was typed, too.
 */
final class Typed {
  private static final String OPENING = "[{";

  private Typed() {}

  /**
   * What was typed behind a key's equals sign.
   *
   * @throws ExperimentException if it is empty or beyond a bound of {@link Document}
   */
  static RawSetting of(String value, Origin origin) {
    String bare = value.strip();
    if (bare.isEmpty()) {
      throw origin.fault("has no value");
    }
    if (value.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
      throw origin.fault("holds a control character; take it out");
    }
    Optional<Node> collection = collection(bare);
    if (collection.isEmpty()) {
      Node text = new ScalarNode(Tag.STR, value, null, null, ScalarStyle.PLAIN);
      return new RawSetting.Value(text, origin, Optional.of(value));
    }
    // Parsed again where a fault is told: brackets that do not close are no fault of a text.
    Node node = Document.compose(bare, line -> origin);
    return RawSetting.of(node, line -> origin, 0) instanceof RawSetting.Group group
        ? new RawSetting.Group(group.members(), origin, Optional.of(value))
        : new RawSetting.Value(node, origin, Optional.of(value));
  }

  /** A list or map, if the text is one from its first to its last character. */
  private static Optional<Node> collection(String bare) {
    if (OPENING.indexOf(bare.charAt(0)) < 0) {
      return Optional.empty();
    }
    return Document.ifYaml(bare)
        .filter(node -> node instanceof CollectionNode<?> && hasKeys(node))
        .filter(node -> node.getEndMark().getIndex() == bare.codePointCount(0, bare.length()));
  }

  private static boolean hasKeys(Node node) {
    return !(node instanceof MappingNode map)
        || map.getValue().stream().allMatch(tuple -> tuple.getKeyNode() instanceof ScalarNode);
  }

  /** Whether a value begins as a list or map does, but is none. */
  static boolean isBroken(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getStartMark() == null
        && !scalar.getValue().isBlank()
        && OPENING.indexOf(scalar.getValue().strip().charAt(0)) >= 0;
  }
}
