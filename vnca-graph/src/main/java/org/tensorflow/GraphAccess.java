package org.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddInputList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteFunction;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_FinishOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetRegisteredKernelsForOp;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphCopyFunction;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphNextOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphToFunction;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationAllInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumControlInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrFuncName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrString;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrTypeList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetRequestedDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetTarget;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_UpdateEdge;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Function;
import org.tensorflow.internal.c_api.TF_FunctionOptions;
import org.tensorflow.internal.c_api.TF_Input;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_OperationDescription;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;

/**
 * What TensorFlow's C library can do and TensorFlow Java does not offer: giving an operation a
 * device after it was made (the nodes of {@code addGradients} can get theirs in no other way) or
 * another input, which closes the circle of a loop; sessions on other processes, and lists of
 * devices and of what has kernels for them.
 *
 * <p>In this package since the handles of graphs and sessions are visible to it alone.
 */
public final class GraphAccess {
  private GraphAccess() {}

  /**
   * The kinds of devices that the loaded library can run a kind of operation on, whether or not
   * this machine has one, such as {@code CPU} and {@code GPU}.
   *
   * @param kind such as {@code MatMul}
   */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static Set<String> kindsOfDevices(String kind) {
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_Buffer kernels = TF_GetRegisteredKernelsForOp(kind, status);
      status.throwExceptionIfNotOK();
      try {
        return KernelList.parseFrom(kernels.copyData()).getKernelList().stream()
            .map(KernelDef::getDeviceType)
            .collect(Collectors.toUnmodifiableSet());
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("TensorFlow's list of kernels cannot be read", e);
      } finally {
        TF_DeleteBuffer(kernels);
      }
    }
  }

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

  /** The place behind a graph's last operation, from which {@link #operations} goes on. */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static long end(Graph graph) {
    try (PointerScope scope = new PointerScope();
        Graph.Reference reference = graph.ref()) {
      SizeTPointer place = new SizeTPointer(1).put(0);
      while (TF_GraphNextOperation(reference.nativeHandle(), place) != null) {
        // Only the place counts.
      }
      // TensorFlow goes on behind the place that it is given.
      return place.get() - 1;
    }
  }

  /**
   * An operation and what it reads.
   *
   * @param inputs in their order
   * @param controlInputs operations after which it runs
   */
  public record Made(
      GraphOperation operation, List<Output<?>> inputs, Set<GraphOperation> controlInputs) {}

  /**
   * Operations in the order in which they were made, from a place on that {@link #end} found. Read
   * with few calls of the library, since it is done for every loop of a graph.
   */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static List<Made> operations(Graph graph, long from) {
    List<Made> operations = new ArrayList<>();
    try (PointerScope scope = new PointerScope();
        Graph.Reference reference = graph.ref()) {
      SizeTPointer place = new SizeTPointer(1).put(from);
      for (TF_Operation next = TF_GraphNextOperation(reference.nativeHandle(), place);
          next != null;
          next = TF_GraphNextOperation(reference.nativeHandle(), place)) {
        GraphOperation operation = new GraphOperation(graph, next);
        operations.add(
            new Made(
                operation,
                inputs(graph, next),
                TF_OperationNumControlInputs(next) == 0 ? Set.of() : operation.controlInputs()));
      }
    }
    return operations;
  }

  private static List<Output<?>> inputs(Graph graph, TF_Operation operation) {
    int count = TF_OperationNumInputs(operation);
    if (count == 0) {
      return List.of();
    }
    TF_Output all = new TF_Output(count);
    TF_OperationAllInputs(operation, all, count);
    List<Output<?>> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TF_Output input = all.getPointer(i);
      inputs.add(new Output<>(new GraphOperation(graph, input.oper()), input.index()));
    }
    return inputs;
  }

  /**
   * Gives an operation another input, which no session must have run yet.
   *
   * @param number of the input, from 0
   * @param source read in place of the former input, of its type
   */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static void setInput(Graph graph, GraphOperation operation, int number, Output<?> source) {
    try (PointerScope scope = new PointerScope();
        Graph.Reference reference = graph.ref()) {
      TF_Output from = new TF_Output();
      from.oper(((GraphOperation) source.op()).getUnsafeNativeHandle());
      from.index(source.index());
      TF_Input to = new TF_Input();
      to.oper(operation.getUnsafeNativeHandle());
      to.index(number);
      TF_Status status = TF_Status.newStatus();
      TF_UpdateEdge(reference.nativeHandle(), from, to, status);
      status.throwExceptionIfNotOK();
    }
  }

  /** Lets whatever reads one output, and has not been run yet, read another. */
  public static void replace(Graph graph, Output<?> former, Output<?> source) {
    for (GraphOperation consumer : ((GraphOperation) former.op()).consumers(former.index())) {
      List<Operand<?>> inputs = consumer.inputs();
      for (int i = 0; i < inputs.size(); i++) {
        if (inputs.get(i).asOutput().equals(former)) {
          setInput(graph, consumer, i, source);
        }
      }
    }
  }

  /**
   * Makes a function of operations that are there, and a call of it with a text attribute. The
   * operations stay where they are.
   *
   * @param name of the function and of the call
   * @param attribute such as {@code _xla_compile_id}, whose value is the name
   * @param body operations of the function
   * @param inputs what they read of others
   * @param outputs what the function returns
   * @return a {@code StatefulPartitionedCall} with these inputs and outputs
   */
  @SuppressWarnings("try") // a scope frees what is made within it, and is not spoken to
  public static GraphOperation call(
      Graph graph,
      String name,
      String attribute,
      List<GraphOperation> body,
      List<Output<?>> inputs,
      List<Output<?>> outputs) {
    try (PointerScope scope = new PointerScope();
        Graph.Reference reference = graph.ref()) {
      TF_Status status = TF_Status.newStatus();
      PointerPointer<TF_Operation> operations = new PointerPointer<>(body.size());
      for (int i = 0; i < body.size(); i++) {
        operations.put(i, body.get(i).getUnsafeNativeHandle());
      }
      TF_Function function =
          TF_GraphToFunction(
              reference.nativeHandle(),
              new BytePointer(name),
              (byte) 0,
              body.size(),
              operations,
              inputs.size(),
              handles(inputs),
              outputs.size(),
              handles(outputs),
              (PointerPointer<?>) null,
              (TF_FunctionOptions) null,
              (BytePointer) null,
              status);
      status.throwExceptionIfNotOK();
      TF_GraphCopyFunction(reference.nativeHandle(), function, null, status);
      TF_DeleteFunction(function);
      status.throwExceptionIfNotOK();
      TF_OperationDescription call =
          TF_NewOperation(
              reference.nativeHandle(),
              new BytePointer("StatefulPartitionedCall"),
              new BytePointer(name));
      TF_AddInputList(call, handles(inputs), inputs.size());
      BytePointer text = new BytePointer(name);
      long length = text.limit();
      TF_SetAttrFuncName(call, new BytePointer("f"), text, length);
      TF_SetAttrString(call, new BytePointer(attribute), text, length);
      setTypes(call, "Tin", inputs);
      setTypes(call, "Tout", outputs);
      TF_Operation made = TF_FinishOperation(call, status);
      status.throwExceptionIfNotOK();
      return new GraphOperation(graph, made);
    }
  }

  private static void setTypes(TF_OperationDescription call, String name, List<Output<?>> of) {
    int[] types = of.stream().mapToInt(output -> output.dataType().getNumber()).toArray();
    TF_SetAttrTypeList(call, new BytePointer(name), types, types.length);
  }

  private static TF_Output handles(List<Output<?>> outputs) {
    TF_Output all = new TF_Output(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      TF_Output each = all.getPointer(i);
      each.oper(((GraphOperation) outputs.get(i).op()).getUnsafeNativeHandle());
      each.index(outputs.get(i).index());
    }
    return all;
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
