package org.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetRequestedDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetTarget;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;

/**
 * What TensorFlow's C library can do and TensorFlow Java does not offer: giving an operation a
 * device after it was made (the nodes of {@code whileLoop} and of {@code addGradients} can get
 * theirs in no other way), sessions on other processes, and lists of devices.
 *
 * <p>In this package since the handles of graphs and sessions are visible to it alone.
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

  /**
   * Opens a session.
   *
   * @param target the server that runs it, such as {@code grpc://127.0.0.1:2222}, or an empty text
   *     for this process without a server
   */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static Session session(Graph graph, ConfigProto config, String target) {
    try (PointerScope scope = new PointerScope();
        Graph.Reference reference = graph.ref()) {
      TF_Session session = open(reference, config, target);
      session.retainReference();
      return new Session(graph, session);
    }
  }

  /**
   * Names of the devices that a session could use, such as {@code
   * /job:worker/replica:0/task:1/device:CPU:0}.
   *
   * @param target as in {@link #session}
   */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static List<String> devices(ConfigProto config, String target) {
    List<String> names = new ArrayList<>();
    try (PointerScope scope = new PointerScope();
        Graph graph = new Graph();
        Graph.Reference reference = graph.ref()) {
      TF_Session session = open(reference, config, target);
      TF_Status status = TF_Status.newStatus();
      TF_DeviceList devices = TF_SessionListDevices(session, status);
      status.throwExceptionIfNotOK();
      for (int i = 0; i < TF_DeviceListCount(devices); i++) {
        names.add(TF_DeviceListName(devices, i, status).getString());
      }
      TF_DeleteDeviceList(devices);
    }
    return names;
  }

  private static TF_Session open(Graph.Reference graph, ConfigProto config, String target) {
    TF_Status status = TF_Status.newStatus();
    TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
    BytePointer bytes = new BytePointer(config.toByteArray());
    TF_SetConfig(options, bytes, bytes.capacity(), status);
    status.throwExceptionIfNotOK();
    if (!target.isEmpty()) {
      TF_SetTarget(options, target);
    }
    TF_Session session = TF_Session.newSession(graph.nativeHandle(), options, status);
    status.throwExceptionIfNotOK();
    return session;
  }
}
