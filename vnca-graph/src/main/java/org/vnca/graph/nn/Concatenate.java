package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.description.Description;

/**
 * The outputs of several layers of one input, their channels one behind another.
 *
 * @param in channels of the input
 * @param parts the layers
 */
public record Concatenate(int in, List<Layer> parts) implements Layer {
  public Concatenate {
    parts = List.copyOf(parts);
  }

  /** The outputs of some layers. */
  public static Concatenate of(int in, Layer... parts) {
    return new Concatenate(in, Arrays.asList(parts));
  }

  @Override
  public Concatenate withParts(List<Layer> other) {
    return new Concatenate(in, other);
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    List<Saved> saved = new ArrayList<>();
    List<Operand<TFloat32>> outputs = new ArrayList<>();
    for (Layer part : parts) {
      Forward forward = part.forward(tf, x, weights);
      saved.add(forward.saved());
      outputs.add(forward.float32(tf));
    }
    return new Forward(JoinedMaps.of(tf, outputs, channelsOfParts()), Saved.ofParts(saved));
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    int[] channels = channelsOfParts();
    Operand<TFloat32> dx = null;
    Gradients gradients = Gradients.NONE;
    int first = 0;
    for (int i = 0; i < parts.size(); i++) {
      Operand<TFloat32> part = JoinedMaps.range(tf, dy, first, channels[i]);
      Backward back = parts.get(i).backward(tf, saved.parts().get(i), weights, part);
      dx = dx == null ? back.dx() : JoinedMaps.sum(tf, dx, back.dx());
      gradients = gradients.plus(tf, back.dWeights());
      first += channels[i];
    }
    return new Backward(dx, gradients);
  }

  private int[] channelsOfParts() {
    return parts.stream().mapToInt(this::channels).toArray();
  }

  /** Channels of a layer's output, which do not depend on the map's size. */
  private int channels(Layer part) {
    return part.output(MapShape.row(in)).channels();
  }

  @Override
  public Description description() {
    return Description.of("concatenate", parts.stream().map(Layer::description).toList())
        .with("in", in);
  }

  @Override
  public MapShape output(MapShape input) {
    int channels = Arrays.stream(channelsOfParts()).sum();
    return parts.get(0).output(input).withChannels(channels);
  }

  @Override
  public long flops(MapShape input) {
    return parts.stream().mapToLong(part -> part.flops(input)).sum();
  }
}
