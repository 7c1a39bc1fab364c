package org.vnca.graph.device;

import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.GraphAccess;

/**
 * Which device does which part of a training step.
 *
 * @param home TensorFlow's name of the device that holds the weights and does all that is not
 *     divided, or an empty text to leave the choice to TensorFlow
 * @param replicas the devices that do an equal part of the batch each, in its order; one, with an
 *     empty text, if the batch is not divided
 */
public record Placement(String home, List<String> replicas) {
  /** One device, which TensorFlow chooses. */
  public static final Placement ANYWHERE = new Placement("", List.of(""));

  public Placement {
    replicas = List.copyOf(replicas);
  }

  /** Among how many devices a batch is divided. */
  public int parts() {
    return replicas.size();
  }

  /**
   * Builds a part of a graph on a device: every operation made meanwhile, those of loops and
   * gradients included, is placed there, unless it has a device already.
   *
   * @param device TensorFlow's name, or an empty text to leave the choice to TensorFlow
   */
  public static <T> T on(Graph graph, String device, Supplier<T> part) {
    if (device.isEmpty()) {
      return part.get();
    }
    long before = GraphAccess.end(graph);
    T built = part.get();
    place(graph, device, before);
    return built;
  }

  /**
   * Places every operation of a graph that has no device yet.
   *
   * @param device TensorFlow's name, or an empty text to leave the choice to TensorFlow
   */
  public static void placeRest(Graph graph, String device) {
    if (!device.isEmpty()) {
      place(graph, device, 0);
    }
  }

  private static void place(Graph graph, String device, long from) {
    for (GraphAccess.Made each : GraphAccess.operations(graph, from)) {
      if (GraphAccess.device(each.operation()).isEmpty()) {
        GraphAccess.setDevice(graph, each.operation(), device);
      }
    }
  }
}
