package org.vnca.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Parameter;

/** Runs parts of a graph on arrays. */
public final class Runs {
  private Runs() {}

  /** Fetches float32 operands, feeding some others. */
  public static List<float[]> fetch(
      Session session,
      Map<? extends Operand<?>, ? extends Tensor> feeds,
      List<? extends Operand<TFloat32>> fetches) {
    Session.Runner runner = session.runner();
    feeds.forEach(runner::feed);
    fetches.forEach(runner::fetch);
    List<float[]> values = new ArrayList<>();
    try (Result result = runner.run()) {
      for (int i = 0; i < fetches.size(); i++) {
        values.add(floats((TFloat32) result.get(i)));
      }
    }
    return values;
  }

  /** Runs an operation for its effect. */
  public static void run(
      Session session, Map<? extends Operand<?>, ? extends Tensor> feeds, Op op) {
    Session.Runner runner = session.runner();
    feeds.forEach(runner::feed);
    runner.addTarget(op).run().close();
  }

  /** Gives variables values. */
  public static void assign(Session session, Ops tf, Map<Parameter, Values> values) {
    Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
    List<Op> assignments = new ArrayList<>();
    values.forEach(
        (parameter, value) -> {
          Operand<TFloat32> fed = tf.placeholder(TFloat32.class);
          feeds.put(fed, value.tensor());
          assignments.add(tf.assignVariableOp(parameter.handle(), fed));
        });
    run(session, feeds, tf.withControlDependencies(assignments).noOp());
    feeds.values().forEach(Tensor::close);
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }
}
