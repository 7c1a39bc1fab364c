package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.nn.Dense;
import org.vnca.graph.nn.LayerGradient;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.nn.TransposedConvolution;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Precision;

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
              "decoder/up" + i,
              kernel,
              width,
              width / 2,
              2,
              padding,
              grid,
              true,
              Precision.FLOAT32));
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
            false,
            Precision.FLOAT32));
    layers.forEach(layer -> this.parameters.addAll(layer.addTo(parameters)));
  }

  private ConvolutionalDecoder(ConvolutionalDecoder decoder, Precision precision) {
    spec = decoder.spec;
    dense = decoder.dense;
    decoder.layers.forEach(layer -> layers.add(layer.withPrecision(precision)));
    parameters.addAll(decoder.parameters);
  }

  private int seedChannels() {
    return spec.filters() << spec.doublings();
  }

  /** The dense layer stays float32: it is a small share of the work. */
  @Override
  public Decoder withPrecision(Precision precision) {
    return new ConvolutionalDecoder(this, precision);
  }

  /** No update net, so nothing that could be computed in another way. */
  @Override
  public Decoder withAlgorithm(ConvolutionAlgorithm algorithm) {
    return this;
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

  @Override
  public int stages() {
    return layers.size();
  }

  @Override
  public Operand<TFloat32> stage(Ops tf, Operand<TFloat32> states, int stage) {
    return layers.get(stage).forward(tf, states, values(1 + stage));
  }

  /** The policy makes no difference: every layer is applied once. */
  @Override
  public Trace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    return trace(tf, z, List.of());
  }

  @Override
  public Trace train(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    return trace(tf, z, spec.hiddenDamage() == 0 ? List.of() : damage(tf, z, draw));
  }

  private Trace trace(Ops tf, Operand<TFloat32> z, List<Operand<TFloat32>> damage) {
    List<Operand<TFloat32>> maps = new ArrayList<>();
    List<Operand<TFloat32>> inputs = new ArrayList<>();
    maps.add(seeds(tf, z));
    for (int i = 0; i < layers.size(); i++) {
      Operand<TFloat32> map = maps.get(i);
      inputs.add(damage.isEmpty() ? map : tf.math.mul(map, damage.get(i)));
      maps.add(layers.get(i).forward(tf, inputs.get(i), values(1 + i)));
    }
    return new LayerTrace(z, maps, inputs, damage);
  }

  /**
   * What the input of each transposed convolution is multiplied by: of some images, one map, any,
   * loses a square of half its side, at any place.
   *
   * @return {@code [B, h, w, 1]} for each layer
   */
  private List<Operand<TFloat32>> damage(Ops tf, Operand<TFloat32> z, Draw draw) {
    Operand<TInt32> images =
        tf.slice(tf.shape(z), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TFloat32> drawn =
        draw.uniform(
            tf,
            Stream.DAMAGE,
            tf.concat(List.of(images, tf.constant(new int[] {3})), tf.constant(0)));
    // The first number says whether and which: below p, in as many equal parts as there are maps.
    Operand<TFloat32> part =
        tf.math.floor(
            tf.math.mul(
                column(tf, drawn, 0), tf.constant((float) (layers.size() / spec.hiddenDamage()))));
    Operand<TFloat32> places =
        tf.slice(drawn, tf.constant(new int[] {0, 1}), tf.constant(new int[] {-1, 2}));
    List<Operand<TFloat32>> masks = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      int grid = SEED_SIDE << Math.min(i, spec.doublings());
      int side = grid / 2;
      Operand<TInt32> sides =
          tf.math.mul(
              tf.dtypes.cast(tf.math.equal(part, tf.constant((float) i)), TInt32.class),
              tf.constant(side));
      masks.add(SquareDamage.mask(tf, SquareDamage.corners(tf, places, grid, side), sides, grid));
    }
    return masks;
  }

  private static Operand<TFloat32> column(Ops tf, Operand<TFloat32> rows, int column) {
    return tf.gather(rows, tf.constant(column), tf.constant(1));
  }

  @Override
  public Operand<TFloat32> seeds(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> seed =
        tf.reshape(
            dense.forward(tf, z, values(0)),
            tf.constant(new int[] {-1, SEED_SIDE, SEED_SIDE, seedChannels()}));
    return spec.denseElu() ? tf.nn.elu(seed) : seed;
  }

  /** The 2 x 2 map, then the output of each layer. */
  List<Operand<TFloat32>> maps(Ops tf, Operand<TFloat32> z) {
    List<Operand<TFloat32>> maps = new ArrayList<>();
    maps.add(seeds(tf, z));
    for (int i = 0; i < layers.size(); i++) {
      maps.add(stage(tf, maps.get(i), i));
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
    private final List<Operand<TFloat32>> inputs;
    private final List<Operand<TFloat32>> damage;

    LayerTrace(
        Operand<TFloat32> z,
        List<Operand<TFloat32>> maps,
        List<Operand<TFloat32>> inputs,
        List<Operand<TFloat32>> damage) {
      this.z = z;
      this.maps = Collections.unmodifiableList(maps);
      this.inputs = Collections.unmodifiableList(inputs);
      this.damage = damage;
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
            layers.get(i).backward(tf, inputs.get(i), maps.get(i + 1), values(1 + i), dMap);
        reversed.add(gradient.dWeights());
        dMap = damage.isEmpty() ? gradient.dx() : tf.math.mul(gradient.dx(), damage.get(i));
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
