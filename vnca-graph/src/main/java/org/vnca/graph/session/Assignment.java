package org.vnca.graph.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.training.TrainingStep;
import org.vnca.graph.vae.Vnca;

/**
 * Operations that give a model's trainable parameters values from outside, with which their moving
 * averages, if there are any, begin anew.
 */
final class Assignment {
  private final Map<String, Target> targets = new LinkedHashMap<>();

  private record Target(Parameter parameter, Placeholder<TFloat32> value, Op assign) {}

  private Assignment() {}

  static Assignment build(Vnca model) {
    Ops tf = Ops.create(model.graph()).withSubScope("assignment");
    Assignment built = new Assignment();
    for (Parameter parameter : model.trainable()) {
      Placeholder<TFloat32> value =
          tf.placeholder(TFloat32.class, Placeholder.shape(parameter.shape()));
      List<Op> assigned = new ArrayList<>();
      assigned.add(tf.assignVariableOp(parameter.handle(), value));
      TrainingStep.average(model, parameter)
          .ifPresent(average -> assigned.add(tf.assignVariableOp(average.handle(), value)));
      Op assign = tf.withControlDependencies(assigned).noOp();
      built.targets.put(parameter.name(), new Target(parameter, value, assign));
    }
    return built;
  }

  void run(OpenModel open, Map<String, float[]> values) {
    values.forEach(
        (name, data) -> {
          Target target = targets.get(name);
          if (target == null || target.parameter.shape().size() != data.length) {
            throw new IllegalArgumentException(
                name + " is no parameter of " + data.length + " values");
          }
          try (TFloat32 tensor =
              TFloat32.tensorOf(target.parameter.shape(), DataBuffers.of(data))) {
            open.runner().feed(target.value, tensor).addTarget(target.assign).run().close();
          }
        });
  }
}
