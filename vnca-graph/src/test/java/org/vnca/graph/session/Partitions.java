package org.vnca.graph.session;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunOptions;

/** The graphs that TensorFlow made of one run for those who took part in it. */
final class Partitions {
  private Partitions() {}

  /** Runs, and says what ran where. */
  static List<GraphDef> of(Session.Runner runner) {
    RunOptions options = RunOptions.newBuilder().setOutputPartitionGraphs(true).build();
    try (Result result = runner.setOptions(options).runAndFetchMetadata()) {
      return result.getMetadata().orElseThrow().getPartitionGraphsList();
    }
  }

  /** The operations of a scope, without what only passes between devices or processes. */
  static List<NodeDef> nodes(List<GraphDef> partitions, String scope) {
    return partitions.stream()
        .flatMap(graph -> graph.getNodeList().stream())
        .filter(node -> node.getName().startsWith(scope))
        // What passes is named after what it passes, with a number.
        .filter(node -> !node.getName().matches(".*(/_|_S)\\d+"))
        .toList();
  }

  /** The convolutions of a scope, backward ones included. */
  static List<NodeDef> convolutions(List<NodeDef> nodes, String scope) {
    return nodes.stream()
        .filter(node -> node.getName().startsWith(scope))
        .filter(node -> node.getOp().contains("Conv2D"))
        .toList();
  }

  /** Where operations ran, sorted, each device once. */
  static Set<String> devices(List<NodeDef> nodes) {
    return nodes.stream().map(NodeDef::getDevice).collect(Collectors.toCollection(TreeSet::new));
  }
}
