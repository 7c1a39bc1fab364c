package org.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetRequestedDevice;

import org.bytedeco.javacpp.BytePointer;

/**
 * What TensorFlow's C library can do with a graph and TensorFlow Java does not offer: giving an
 * operation a device after it was made. The nodes of {@code whileLoop} and of {@code addGradients}
 * can get theirs in no other way.
 *
 * <p>In this package since the handles of a graph are visible to it alone.
 */
public final class GraphAccess {
  private GraphAccess() {}

  /** The device that was asked for an operation, or an empty text. */
  public static String device(GraphOperation operation) {
    BytePointer name = TF_OperationDevice(operation.getUnsafeNativeHandle());
    return name == null ? "" : name.getString();
  }

  /**
   * Asks for a device for an operation, which no session must have run yet.
   *
   * @param device such as {@code /device:CPU:1}
   */
  public static void setDevice(Graph graph, GraphOperation operation, String device) {
    try (Graph.Reference reference = graph.ref()) {
      TF_SetRequestedDevice(reference.nativeHandle(), operation.getUnsafeNativeHandle(), device);
    }
  }
}
