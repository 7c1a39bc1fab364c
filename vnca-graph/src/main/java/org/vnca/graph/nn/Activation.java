package org.vnca.graph.nn;

import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.spec.Precision;

/**
 * A function of each value alone, whose derivative follows from its result. It is computed in
 * float32.
 *
 * @param function which
 * @param precision to which the output is rounded, for products that read nothing else
 */
public record Activation(Function function, Precision precision) implements Layer {
  /** x, or exp(x) - 1 below zero. */
  public static final Activation ELU = new Activation(Function.ELU, Precision.FLOAT32);

  /** x, or zero below zero. */
  public static final Activation RELU = new Activation(Function.RELU, Precision.FLOAT32);

  /** 1 / (1 + exp(-x)). */
  public static final Activation SIGMOID = new Activation(Function.SIGMOID, Precision.FLOAT32);

  /** The hyperbolic tangent. */
  public static final Activation TANH = new Activation(Function.TANH, Precision.FLOAT32);

  /** It is computed in float32 itself. */
  @Override
  public Activation withPrecision(Precision products, Precision output) {
    return new Activation(function, output);
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<TFloat32> exact = value(tf, Rounding.float32(tf, x));
    Operand<?> y = Rounding.operand(tf, exact, precision);
    return new Forward(y, Saved.of(y));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Operand<TFloat32> y = Rounding.float32(tf, saved.own().get(0));
    return new Backward(gradient(tf, y, dy), Gradients.NONE);
  }

  @Override
  public Description description() {
    return Description.of(function.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public MapShape output(MapShape input) {
    return input;
  }

  private Operand<TFloat32> value(Ops tf, Operand<TFloat32> x) {
    return switch (function) {
      case ELU -> tf.nn.elu(x);
      case RELU -> tf.nn.relu(x);
      case SIGMOID -> tf.math.sigmoid(x);
      case TANH -> tf.math.tanh(x);
    };
  }

  private Operand<TFloat32> gradient(Ops tf, Operand<TFloat32> y, Operand<TFloat32> dy) {
    return switch (function) {
      case ELU -> tf.nn.eluGrad(dy, y);
      case RELU -> tf.nn.reluGrad(dy, y);
      case SIGMOID -> tf.math.sigmoidGrad(y, dy);
      case TANH -> tf.math.mul(dy, tf.math.sub(tf.constant(1f), tf.math.square(y)));
    };
  }

  /** Which function of each value. */
  public enum Function {
    /** Exponential linear unit, alpha 1. */
    ELU,
    /** Rectified linear unit. */
    RELU,
    /** Logistic function. */
    SIGMOID,
    /** Hyperbolic tangent. */
    TANH
  }
}
