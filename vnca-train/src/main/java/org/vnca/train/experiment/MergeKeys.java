package org.vnca.train.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML's merge key: {@code <<: *other} gives a group the keys of another one, or of each of a list,
 * save those that it has itself. Of a list the earlier group counts.
 */
final class MergeKeys {
  private final Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
  private final RawSetting.Lines where;

  private MergeKeys(RawSetting.Lines where) {
    this.where = where;
  }

  /**
   * Puts the keys in the place of the merge keys, in place.
   *
   * @param root of a tree whose size, with every alias written out, is within bounds
   * @throws ExperimentException if what is merged is no group
   */
  static void resolve(Node root, RawSetting.Lines where) {
    new MergeKeys(where).visit(root);
  }

  private void visit(Node node) {
    if (!done.add(node)) {
      return;
    }
    if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(this::visit);
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        visit(tuple.getKeyNode());
        visit(tuple.getValueNode());
      }
      merge(mapping);
    }
  }

  private void merge(MappingNode mapping) {
    List<NodeTuple> own = new ArrayList<>();
    List<NodeTuple> merges = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      (tuple.getKeyNode().getTag().equals(Tag.MERGE) ? merges : own).add(tuple);
    }
    if (merges.isEmpty()) {
      return;
    }
    if (merges.size() > 1) {
      throw where.at(line(merges.get(1))).fault("the key << is there twice; give it a list");
    }
    Map<String, NodeTuple> merged = new LinkedHashMap<>();
    for (MappingNode group : groups(merges.get(0))) {
      group.getValue().forEach(tuple -> merged.putIfAbsent(key(tuple), tuple));
    }
    own.forEach(tuple -> merged.remove(key(tuple)));
    own.addAll(0, merged.values());
    mapping.setValue(own);
  }

  private List<MappingNode> groups(NodeTuple tuple) {
    Node value = tuple.getValueNode();
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    List<MappingNode> groups = new ArrayList<>();
    for (Node node : nodes) {
      if (!(node instanceof MappingNode group)) {
        throw where
            .at(line(tuple))
            .fault("<< must be given a group of keys, such as <<: *name, or a list of groups");
      }
      groups.add(group);
    }
    return groups;
  }

  private String key(NodeTuple tuple) {
    if (tuple.getKeyNode() instanceof ScalarNode key) {
      return key.getValue();
    }
    throw where.at(line(tuple)).fault("a key must be text");
  }

  private static int line(NodeTuple tuple) {
    return tuple.getKeyNode().getStartMark().getLine();
  }
}
