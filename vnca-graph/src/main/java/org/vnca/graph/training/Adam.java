package org.vnca.graph.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.vnca.graph.nn.Initial;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;

/**
 * Adam (Kingma &amp; Ba 2014, algorithm 1) as PyTorch has it: epsilon is added to the square root
 * of the bias-corrected second moment. With a weight decay it is AdamW (Loshchilov &amp; Hutter
 * 2019): every parameter is multiplied by 1 - rate decay before its update.
 *
 * <p>TensorFlow's operation adds epsilon to the uncorrected root, so it is given epsilon times
 * sqrt(1 - beta2^t). The powers of the betas are computed from the step; the optimizer has no state
 * but the two moments.
 */
public final class Adam {
  /** Suffix of the first moment's variable: {@code encoder/conv0/weight/adam-m}. */
  public static final String FIRST_MOMENT = "/adam-m";

  /** Suffix of the second moment's variable. */
  public static final String SECOND_MOMENT = "/adam-v";

  private final Settings settings;
  private final List<Parameter> parameters;
  private final List<Parameter> first = new ArrayList<>();
  private final List<Parameter> second = new ArrayList<>();

  /**
   * Adds the moments, which start at zero.
   *
   * @param parameters what is trained
   * @param moments where the moments are added
   */
  public Adam(Settings settings, List<Parameter> parameters, Parameters moments) {
    this.settings = settings;
    this.parameters = List.copyOf(parameters);
    for (Parameter parameter : parameters) {
      first.add(
          moments.add(parameter.name() + FIRST_MOMENT, parameter.shape(), new Initial.Zero()));
      second.add(
          moments.add(parameter.name() + SECOND_MOMENT, parameter.shape(), new Initial.Zero()));
    }
  }

  /**
   * One update of every parameter.
   *
   * @param step scalar int64, counts from 0
   * @param rate scalar, the learning rate of this step
   * @param gradients in the order of the parameters
   * @return an operation that is done when all are updated
   */
  public Op apply(
      Ops tf, Operand<TInt64> step, Operand<TFloat32> rate, List<Operand<TFloat32>> gradients) {
    Operand<TFloat64> t = tf.dtypes.cast(tf.math.add(step, tf.constant(1L)), TFloat64.class);
    Operand<TFloat64> power1 = tf.math.pow(tf.constant(settings.beta1()), t);
    Operand<TFloat64> power2 = tf.math.pow(tf.constant(settings.beta2()), t);
    Operand<TFloat64> epsilon =
        tf.math.mul(
            tf.constant(settings.epsilon()), tf.math.sqrt(tf.math.sub(tf.constant(1.0), power2)));
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Ops decayed = settings.weightDecay() == 0 ? tf : decayed(tf, i, rate, gradients);
      updates.add(
          decayed.train.resourceApplyAdam(
              parameters.get(i).handle(),
              first.get(i).handle(),
              second.get(i).handle(),
              tf.dtypes.cast(power1, TFloat32.class),
              tf.dtypes.cast(power2, TFloat32.class),
              rate,
              tf.constant((float) settings.beta1()),
              tf.constant((float) settings.beta2()),
              tf.dtypes.cast(epsilon, TFloat32.class),
              gradients.get(i)));
    }
    return tf.withControlDependencies(updates).noOp();
  }

  /** Decays a parameter once all gradients are known: one may be read from it until then. */
  private Ops decayed(
      Ops tf, int parameter, Operand<TFloat32> rate, List<Operand<TFloat32>> gradients) {
    Parameter decaying = parameters.get(parameter);
    Ops after = tf.withControlDependencies(List.<Op>copyOf(gradients));
    Operand<TFloat32> share = tf.math.mul(rate, tf.constant((float) settings.weightDecay()));
    Operand<TFloat32> value = after.readVariableOp(decaying.handle(), TFloat32.class);
    return tf.withControlDependencies(
        List.of(after.assignSubVariableOp(decaying.handle(), tf.math.mul(value, share))));
  }

  /**
   * The numbers of Adam.
   *
   * @param learningRate of a step that is not told another; 1e-4 in the paper
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the corrected second moment
   * @param weightDecay what of a parameter a step with a learning rate of 1 would take away; 0 for
   *     Adam proper
   */
  public record Settings(
      double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {

    /** Without weight decay. */
    public Settings(double learningRate, double beta1, double beta2, double epsilon) {
      this(learningRate, beta1, beta2, epsilon, 0);
    }
  }
}
