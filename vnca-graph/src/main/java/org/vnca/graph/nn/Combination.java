package org.vnca.graph.nn;

import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * Sum, difference or product, value by value, of two layers of one input.
 *
 * @param operation which
 * @param first f
 * @param second g, whose output has the shape of f's
 */
public record Combination(Operation operation, Layer first, Layer second) implements Layer {

  /** How two values become one. */
  public enum Operation {
    /** f + g. */
    SUM,
    /** f - g. */
    DIFFERENCE,
    /** f g. */
    PRODUCT
  }

  /** f + g. */
  public static Combination sum(Layer first, Layer second) {
    return new Combination(Operation.SUM, first, second);
  }

  /** f - g. */
  public static Combination difference(Layer first, Layer second) {
    return new Combination(Operation.DIFFERENCE, first, second);
  }

  /** f g. */
  public static Combination product(Layer first, Layer second) {
    return new Combination(Operation.PRODUCT, first, second);
  }

  @Override
  public List<Layer> parts() {
    return List.of(first, second);
  }

  @Override
  public Combination withParts(List<Layer> parts) {
    return new Combination(operation, parts.get(0), parts.get(1));
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Forward one = first.forward(tf, x, weights);
    Forward other = second.forward(tf, x, weights);
    Operand<TFloat32> f = one.float32(tf);
    Operand<TFloat32> g = other.float32(tf);
    List<Saved> parts = List.of(one.saved(), other.saved());
    return switch (operation) {
      case SUM -> new Forward(tf.math.add(f, g), Saved.ofParts(parts));
      case DIFFERENCE -> new Forward(tf.math.sub(f, g), Saved.ofParts(parts));
      case PRODUCT -> new Forward(tf.math.mul(f, g), new Saved(List.of(f, g), parts));
    };
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Backward one = first.backward(tf, saved.parts().get(0), weights, ofFirst(tf, saved.own(), dy));
    Backward other =
        second.backward(tf, saved.parts().get(1), weights, ofSecond(tf, saved.own(), dy));
    return new Backward(
        JoinedMaps.sum(tf, one.dx(), other.dx()), one.dWeights().plus(tf, other.dWeights()));
  }

  private Operand<TFloat32> ofFirst(Ops tf, List<Operand<?>> factors, Operand<TFloat32> dy) {
    return operation == Operation.PRODUCT
        ? tf.math.mul(dy, Loop.<TFloat32>typed(factors.get(1)))
        : dy;
  }

  private Operand<TFloat32> ofSecond(Ops tf, List<Operand<?>> factors, Operand<TFloat32> dy) {
    return switch (operation) {
      case SUM -> dy;
      case DIFFERENCE -> tf.math.neg(dy);
      case PRODUCT -> tf.math.mul(dy, Loop.<TFloat32>typed(factors.get(0)));
    };
  }

  @Override
  public Description description() {
    return Description.of(
        operation.name().toLowerCase(Locale.ROOT),
        List.of(first.description(), second.description()));
  }

  @Override
  public MapShape output(MapShape input) {
    return first.output(input);
  }

  @Override
  public long flops(MapShape input) {
    return first.flops(input) + second.flops(input);
  }
}
