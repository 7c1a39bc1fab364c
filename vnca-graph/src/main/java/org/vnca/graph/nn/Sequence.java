package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;
import org.vnca.graph.spec.Precision;

/**
 * Layers one behind another.
 *
 * @param parts the layers, none of them a sequence itself
 */
public record Sequence(List<Layer> parts) implements Layer {

  public Sequence {
    parts = parts.stream().flatMap(Layer::inSequence).toList();
  }

  /** Layers one behind another; sequences among them are taken apart. */
  public static Sequence of(Layer... parts) {
    return new Sequence(Arrays.asList(parts));
  }

  @Override
  public Stream<Layer> inSequence() {
    return parts.stream();
  }

  @Override
  public Sequence withParts(List<Layer> other) {
    return new Sequence(other);
  }

  /**
   * An activation whose output only products read hands it on rounded, so that it is rounded once
   * and the rounded one is kept for the backward pass.
   */
  @Override
  public Sequence withPrecision(Precision precision) {
    List<Layer> changed = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      boolean rounded = i + 1 < parts.size() && parts.get(i + 1).multipliesInput();
      changed.add(parts.get(i).withPrecision(precision, rounded ? precision : Precision.FLOAT32));
    }
    return new Sequence(changed);
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    List<Saved> saved = new ArrayList<>();
    Operand<?> y = x;
    for (Layer part : parts) {
      Forward forward = part.forward(tf, y, weights);
      saved.add(forward.saved());
      y = forward.output();
    }
    return new Forward(y, Saved.ofParts(saved));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Gradients gradients = Gradients.NONE;
    Operand<TFloat32> d = dy;
    for (int i = parts.size() - 1; i >= 0; i--) {
      Backward back = parts.get(i).backward(tf, saved.parts().get(i), weights, d);
      gradients = gradients.plus(tf, back.dWeights());
      d = back.dx();
    }
    return new Backward(d, gradients);
  }

  @Override
  public Description description() {
    return Description.of("sequence", parts.stream().map(Layer::description).toList());
  }

  @Override
  public MapShape output(MapShape input) {
    MapShape shape = input;
    for (Layer part : parts) {
      shape = part.output(shape);
    }
    return shape;
  }

  @Override
  public long flops(MapShape input) {
    long flops = 0;
    MapShape shape = input;
    for (Layer part : parts) {
      flops += part.flops(shape);
      shape = part.output(shape);
    }
    return flops;
  }
}
