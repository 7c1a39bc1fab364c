package org.vnca.graph.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.vnca.base.file.WholeFile;
import org.vnca.graph.serving.Serving;

/**
 * A SavedModel that is its graph alone: the weights are constants in it, and nothing is in it but
 * what the signatures need. TensorFlow Java's own exporter saves only reference variables, which
 * this project has none of.
 */
final class SavedModelFile {
  private static final String NAME = "saved_model.pb";
  private static final String TAG = "serve";
  private static final String METHOD = "tensorflow/serving/predict";

  private SavedModelFile() {}

  /**
   * Writes it, whole or not at all.
   *
   * @param weights values of the operations that read variables, by the operation's name
   */
  static void write(Path directory, GraphDef graph, Map<String, Weight> weights, Serving serving)
      throws IOException {
    MetaGraphDef.Builder meta =
        MetaGraphDef.newBuilder().setGraphDef(frozen(graph, weights, serving));
    meta.getMetaInfoDefBuilder().addTags(TAG);
    serving.ports().forEach(port -> meta.putSignatureDef(port.name(), signature(port)));
    SavedModel model =
        SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(meta).build();
    WholeFile.write(directory.resolve(NAME), bytes(model));
  }

  /** With maps in the order of their keys, so that the same weights are the same file. */
  private static byte[] bytes(SavedModel model) throws IOException {
    byte[] bytes = new byte[model.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    model.writeTo(out);
    out.checkNoSpaceLeft();
    return bytes;
  }

  private static GraphDef frozen(GraphDef graph, Map<String, Weight> weights, Serving serving) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), constant(node, weights)));
    Set<String> wanted = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    for (Serving.Port port : serving.ports()) {
      port.inputs().values().forEach(input -> open.add(input.asOutput().op().name()));
      port.outputs().values().forEach(output -> open.add(output.asOutput().op().name()));
    }
    while (!open.isEmpty()) {
      String name = open.remove();
      if (wanted.add(name)) {
        nodes.get(name).getInputList().forEach(input -> open.add(node(input)));
      }
    }
    GraphDef.Builder frozen =
        GraphDef.newBuilder().setVersions(graph.getVersions()).setLibrary(graph.getLibrary());
    for (NodeDef node : graph.getNodeList()) {
      if (wanted.contains(node.getName())) {
        // Whoever loads it has other devices.
        frozen.addNode(nodes.get(node.getName()).toBuilder().clearDevice());
      }
    }
    return frozen.build();
  }

  /** The node behind an input such as {@code ^name} or {@code name:1}. */
  private static String node(String input) {
    String name = input.startsWith("^") ? input.substring(1) : input;
    int colon = name.lastIndexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  private static NodeDef constant(NodeDef node, Map<String, Weight> weights) {
    Weight weight = weights.get(node.getName());
    if (weight == null) {
      return node;
    }
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(shape(weight.shape()))
            .setTensorContent(bytes(weight.values()));
    return NodeDef.newBuilder()
        .setName(node.getName())
        .setOp("Const")
        .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
        .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
        .build();
  }

  private static SignatureDef signature(Serving.Port port) {
    SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
    port.inputs().forEach((name, input) -> signature.putInputs(name, info(input)));
    port.outputs().forEach((name, output) -> signature.putOutputs(name, info(output)));
    return signature.build();
  }

  private static TensorInfo info(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(output.dataType())
        .setTensorShape(shape(output.shape()))
        .build();
  }

  private static TensorShapeProto shape(Shape shape) {
    if (shape.isUnknown()) {
      return TensorShapeProto.newBuilder().setUnknownRank(true).build();
    }
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (long size : shape.asArray()) {
      proto.addDimBuilder().setSize(size);
    }
    return proto.build();
  }

  private static ByteString bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  /**
   * A variable's value.
   *
   * @param shape its shape
   * @param values row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Weight(Shape shape, float[] values) {}
}
