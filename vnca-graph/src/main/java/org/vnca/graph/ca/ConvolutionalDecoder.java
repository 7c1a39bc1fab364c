package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Dense;
import org.vnca.graph.nn.LayerGradient;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.TransposedConvolution;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * The deep convolutional baseline: a dense layer to a 2 x 2 map, transposed convolutions of stride
 * 2 with ELU, and one of stride 1 to the likelihood's parameters (paper, A.1 and A.6).
 */
final class ConvolutionalDecoder implements Decoder {
  private static final int SEED_SIDE = 2;

  private final DecoderSpec.Convolutional spec;
  private final Dense dense;
  private final List<TransposedConvolution> layers = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();

  ConvolutionalDecoder(
      DecoderSpec.Convolutional spec, int latent, int side, int channels, Parameters parameters) {
    this.spec = spec;
    dense = new Dense("decoder/dense", latent, SEED_SIDE * SEED_SIDE * seedChannels());
    this.parameters.addAll(dense.addTo(parameters));
    int kernel = spec.kernel();
    int padding = kernel / 2;
    int width = seedChannels();
    int grid = SEED_SIDE;
    for (int i = 0; i < spec.doublings(); i++) {
      grid *= 2;
      layers.add(
          new TransposedConvolution(
              "decoder/up" + i, kernel, width, width / 2, 2, padding, grid, true));
      width /= 2;
    }
    int crop = (grid - side) / 2;
    layers.add(
        new TransposedConvolution(
            "decoder/up" + spec.doublings(),
            kernel,
            width,
            channels,
            1,
            padding + crop,
            side,
            false));
    layers.forEach(layer -> this.parameters.addAll(layer.addTo(parameters)));
  }

  private int seedChannels() {
    return spec.filters() << spec.doublings();
  }

  @Override
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z) {
    List<Operand<TFloat32>> maps = maps(tf, z);
    return maps.get(maps.size() - 1);
  }

  /** The policy makes no difference: every layer is applied once. */
  @Override
  public Trace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    return new LayerTrace(z, maps(tf, z));
  }

  /** The 2 x 2 map, then the output of each layer. */
  List<Operand<TFloat32>> maps(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> seed =
        tf.reshape(
            dense.forward(tf, z, values(0)),
            tf.constant(new int[] {-1, SEED_SIDE, SEED_SIDE, seedChannels()}));
    List<Operand<TFloat32>> maps = new ArrayList<>();
    maps.add(spec.denseElu() ? tf.nn.elu(seed) : seed);
    for (int i = 0; i < layers.size(); i++) {
      maps.add(layers.get(i).forward(tf, maps.get(i), values(1 + i)));
    }
    return maps;
  }

  /** Weight and bias of the dense layer, which is layer 0, or of a convolution. */
  private List<Operand<TFloat32>> values(int layer) {
    List<Operand<TFloat32>> values = new ArrayList<>();
    parameters.subList(2 * layer, 2 * layer + 2).forEach(p -> values.add(p.value()));
    return values;
  }

  private final class LayerTrace implements Trace {
    private final Operand<TFloat32> z;
    private final List<Operand<TFloat32>> maps;

    LayerTrace(Operand<TFloat32> z, List<Operand<TFloat32>> maps) {
      this.z = z;
      this.maps = Collections.unmodifiableList(maps);
    }

    @Override
    public Operand<TFloat32> last() {
      return maps.get(layers.size());
    }

    @Override
    public UpdateNet.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      List<List<Operand<TFloat32>>> reversed = new ArrayList<>();
      Operand<TFloat32> dMap = dLast;
      for (int i = layers.size() - 1; i >= 0; i--) {
        LayerGradient gradient =
            layers.get(i).backward(tf, maps.get(i), maps.get(i + 1), values(1 + i), dMap);
        reversed.add(gradient.dWeights());
        dMap = gradient.dx();
      }
      Operand<TFloat32> dSeed = spec.denseElu() ? tf.nn.eluGrad(dMap, maps.get(0)) : dMap;
      LayerGradient first =
          dense.backward(
              tf, z, values(0), tf.reshape(dSeed, tf.constant(new int[] {-1, dense.out()})));
      reversed.add(first.dWeights());
      Collections.reverse(reversed);
      return new UpdateNet.Backward(first.dx(), reversed.stream().flatMap(List::stream).toList());
    }
  }
}
