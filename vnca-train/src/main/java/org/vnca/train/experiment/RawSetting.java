package org.vnca.train.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** What a descriptor or an override says, not yet known to fit any record. */
sealed interface RawSetting {
  /** Characters of a key at most; a sweep's are dotted. */
  int LONGEST_KEY = 200;

  /** Where it was said. */
  Origin origin();

  /** The same as it was typed, for a key that takes text; empty if it comes from a file. */
  Optional<String> typed();

  /** A value: text, or a list. */
  record Value(Node node, Origin origin, Optional<String> typed) implements RawSetting {
    Value(Node node, Origin origin) {
      this(node, origin, Optional.empty());
    }
  }

  /** Keys and what they are given. */
  record Group(Map<String, RawSetting> members, Origin origin, Optional<String> typed)
      implements RawSetting {
    Group(Map<String, RawSetting> members, Origin origin) {
      this(members, origin, Optional.empty());
    }

    /**
     * Adds what {@code path} is given; a later value takes the place of an earlier one.
     *
     * @throws ExperimentException if what comes before it has a value and so no keys
     */
    void put(String[] path, int depth, RawSetting given) {
      if (depth == path.length - 1) {
        members.merge(path[depth], given, Group::over);
        return;
      }
      RawSetting inner = members.get(path[depth]);
      requireNoValue(inner, given);
      if (!(inner instanceof Group)) {
        inner = new Group(new LinkedHashMap<>(), given.origin());
        members.put(path[depth], inner);
      }
      ((Group) inner).put(path, depth + 1, given);
    }

    private static RawSetting over(RawSetting earlier, RawSetting later) {
      if (earlier instanceof Group group && later instanceof Group added) {
        added.members().forEach((key, given) -> group.members().merge(key, given, Group::over));
        return group;
      }
      if (later instanceof Group) {
        requireNoValue(earlier, later);
      }
      return later;
    }

    /** Else a value, right or wrong, would be dropped for the keys of a group without a word. */
    private static void requireNoValue(RawSetting earlier, RawSetting later) {
      if (earlier instanceof Value value && !Values.isEmpty(value.node())) {
        throw later
            .origin()
            .fault(
                "a key is set below one that is given %s at %s; leave one of them out"
                    .formatted(Values.describe(value.node()), earlier.origin().where()));
      }
    }
  }

  /**
   * Turns a YAML node into what it gives.
   *
   * @param node any node
   * @param where from the line of a key, counted from 0, to its origin
   * @param line line of the node's key, counted from 0
   * @throws ExperimentException if a key is no text or is given twice
   */
  static RawSetting of(Node node, Lines where, int line) {
    if (!(node instanceof MappingNode mapping)) {
      return new Value(node, where.at(line));
    }
    Map<String, RawSetting> members = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int keyLine = tuple.getKeyNode().getStartMark().getLine();
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw where.at(keyLine).fault("a key must be text");
      }
      if (key.getValue().length() > LONGEST_KEY) {
        throw where
            .at(keyLine)
            .fault("a key is longer than " + LONGEST_KEY + " characters, and so none of a setting");
      }
      Integer first = lines.putIfAbsent(key.getValue(), keyLine);
      if (first != null) {
        throw where
            .at(keyLine)
            .fault("the key " + key.getValue() + " is there twice, first in line " + (first + 1));
      }
      members.put(key.getValue(), of(tuple.getValueNode(), where, keyLine));
    }
    return new Group(members, where.at(line));
  }

  /** Names a line. */
  @FunctionalInterface
  interface Lines {
    Origin at(int line);
  }
}
