package org.vnca.graph.nn;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.description.NoDescription;
import org.vnca.graph.spec.Precision;

/**
 * A function of a map with parameters, and its gradient. A layer is a description: it holds no
 * operand of any graph, because the same layer is built outside of loops, into the body of a
 * forward loop and into the body of a backward loop. It finds its weights by their names.
 *
 * <p>Maps are {@code [B, H, W, C]}, rows {@code [B, n]}. They are float32, or already rounded where
 * nothing but products reads them (see {@link Sequence#withPrecision}). Gradients are float32.
 *
 * <p>To add a layer without writing its gradient, implement {@link ForwardOnly}.
 */
public interface Layer {

  /** The layers that this one is made of; none if it is made of no others. */
  default List<Layer> parts() {
    return List.of();
  }

  /**
   * The same layer made of other parts.
   *
   * @param parts as many as {@link #parts()} has, in its order
   */
  default Layer withParts(List<Layer> parts) {
    return this;
  }

  /** What it asks for, in the order in which it is added to a graph. */
  default List<ParameterSpec> parameters() {
    return parts().stream().flatMap(part -> part.parameters().stream()).toList();
  }

  /**
   * The weights as {@link #forward} and {@link #backward} read them, such as kernels that are
   * rounded already. Made once before a loop, which then does not make them in every iteration.
   *
   * @param values the values of the parameters, those of other layers among them
   * @return those of this layer's parameters
   */
  default Weights prepared(Ops tf, Weights values) {
    Weights prepared = values.only(parameters());
    for (Layer part : parts()) {
      prepared = prepared.and(part.prepared(tf, values));
    }
    return prepared;
  }

  /**
   * Applies the layer.
   *
   * @param x the input
   * @param weights {@link #prepared}
   */
  Forward forward(Ops tf, Operand<?> x, Weights weights);

  /**
   * The gradients of one application.
   *
   * @param saved as {@link Forward#saved()}
   * @param weights {@link #prepared}
   * @param dy the gradient of the output, of its shape
   */
  Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy);

  /** The shape of an image's output. */
  MapShape output(MapShape input);

  /**
   * Floating-point operations of one application to one image: two for each multiply-add of its
   * products, at every position as if no neighbour were outside of the map; nothing else counts.
   */
  default long flops(MapShape input) {
    return 0;
  }

  /**
   * How its output is computed, for programs without TensorFlow.
   *
   * @throws NoDescription if it does not say, or it has no part in a decoder of cells
   */
  default Description description() {
    throw NoDescription.of("layer", getClass());
  }

  /** The same layer, each layer in it that is made of no others being changed. */
  default Layer mapped(UnaryOperator<Layer> change) {
    return parts().isEmpty()
        ? change.apply(this)
        : withParts(parts().stream().map(part -> part.mapped(change)).toList());
  }

  /** The same layer with the same parameters, whose convolutions multiply in another precision. */
  default Layer withPrecision(Precision precision) {
    return withParts(parts().stream().map(part -> part.withPrecision(precision)).toList());
  }

  /**
   * The same as {@link #withPrecision(Precision)} for a layer whose output may be rounded, because
   * only products read it. Layers that cannot hand on a rounded output ignore that.
   *
   * @param output to which the output may be rounded
   */
  default Layer withPrecision(Precision precision, Precision output) {
    return withPrecision(precision);
  }

  /** Whether it reads its input only as a factor of products, so that it may get a rounded one. */
  default boolean multipliesInput() {
    return false;
  }

  /** The layers that a sequence has in place of this one. */
  default Stream<Layer> inSequence() {
    return Stream.of(this);
  }

  /**
   * The same layer for maps of one size, on a CPU: convolutions that keep the map's size are
   * computed by tiles ({@link Winograd}) where that gains.
   *
   * @param side of the square maps
   */
  default Layer onGrid(int side) {
    return withParts(parts().stream().map(part -> part.onGrid(side)).toList());
  }

  /**
   * One application.
   *
   * @param output y
   * @param saved from which {@link Layer#backward} needs no convolution of the forward pass
   */
  record Forward(Operand<?> output, Saved saved) {
    /** The output as float32, also where it is rounded. */
    public Operand<TFloat32> float32(Ops tf) {
      return Rounding.float32(tf, output);
    }
  }

  /**
   * The gradients of one application. TensorFlow computes only those that are fetched.
   *
   * @param dx of the input, of its shape
   * @param dWeights of the parameters
   */
  record Backward(Operand<TFloat32> dx, Gradients dWeights) {}
}
