package org.vnca.graph.decoder;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.description.NoDescription;
import org.vnca.graph.nn.Activation;
import org.vnca.graph.nn.Dense;
import org.vnca.graph.nn.Lanes;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Multiplied;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Reshape;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.nn.TransposedConvolution;
import org.vnca.graph.nn.Weights;
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
  private final Precision precision;
  private final List<Parameter> parameters;
  private final Weights weights;
  private final Lanes lanes;

  /** From a latent vector to the 2 x 2 map. */
  private final Sequence seed;

  /** From each map to the next, the likelihood's parameters being the last. */
  private final List<Sequence> blocks;

  ConvolutionalDecoder(
      DecoderSpec.Convolutional spec, DecoderKind.Sizes sizes, Parameters parameters) {
    this.spec = spec;
    this.precision = Precision.FLOAT32;
    this.seed = seed(spec, sizes.latent());
    this.blocks = blocks(spec, sizes.side(), sizes.channels());
    this.parameters = parameters.add(whole(List.of()).parameters());
    this.weights = Weights.of(this.parameters);
    this.lanes = Lanes.ONE;
  }

  private ConvolutionalDecoder(ConvolutionalDecoder decoder, Precision precision, Lanes lanes) {
    this.lanes = lanes;
    this.spec = decoder.spec;
    this.precision = precision;
    this.seed = decoder.seed;
    this.blocks = decoder.blocks;
    this.parameters = decoder.parameters;
    this.weights = decoder.weights;
  }

  /** A dense layer to the 2 x 2 map. */
  private static Sequence seed(DecoderSpec.Convolutional spec, int latent) {
    MapShape map = MapShape.square(SEED_SIDE, spec.filters() << spec.doublings());
    Sequence dense =
        Sequence.of(
            new Dense("decoder/dense", latent, map.values()).withBias(), Reshape.toMaps(map));
    return spec.denseElu() ? Sequence.of(dense, Activation.ELU) : dense;
  }

  /** Transposed convolutions with ELU that double the side, and one that crops to the image. */
  private static List<Sequence> blocks(DecoderSpec.Convolutional spec, int side, int channels) {
    int kernel = spec.kernel();
    int width = spec.filters() << spec.doublings();
    int grid = SEED_SIDE;
    List<Sequence> blocks = new ArrayList<>();
    for (int i = 0; i < spec.doublings(); i++) {
      grid *= 2;
      blocks.add(Sequence.of(up(i, kernel, width, width / 2, 2, kernel / 2, grid), Activation.ELU));
      width /= 2;
    }
    int crop = (grid - side) / 2;
    blocks.add(up(spec.doublings(), kernel, width, channels, 1, kernel / 2 + crop, side));
    return List.copyOf(blocks);
  }

  private static Sequence up(
      int number, int kernel, int in, int out, int stride, int padding, int side) {
    return new TransposedConvolution(
            "decoder/up" + number, kernel, in, out, stride, padding, side, Precision.FLOAT32)
        .withBias();
  }

  /** Floating-point operations of decoding one latent vector. */
  static long flops(DecoderSpec.Convolutional spec, DecoderKind.Sizes sizes) {
    List<Layer> all = new ArrayList<>(List.of(seed(spec, sizes.latent())));
    all.addAll(blocks(spec, sizes.side(), sizes.channels()));
    return new Sequence(all).flops(MapShape.row(sizes.latent()));
  }

  /**
   * From a latent vector to the likelihood's parameters.
   *
   * @param damage what the input of each block is multiplied by; empty for none
   */
  private Sequence whole(List<Operand<TFloat32>> damage) {
    List<Layer> all = new ArrayList<>(List.of(seed));
    for (int i = 0; i < blocks.size(); i++) {
      if (!damage.isEmpty()) {
        all.add(new Multiplied(damage.get(i)));
      }
      all.add(blocks.get(i));
    }
    return new Sequence(all).withPrecision(precision);
  }

  /** The dense layer stays float32: it is a small share of the work. */
  @Override
  public Decoder withPrecision(Precision other) {
    return new ConvolutionalDecoder(this, other, lanes);
  }

  @Override
  public Decoder inLanes(Lanes other) {
    return new ConvolutionalDecoder(this, precision, other);
  }

  /** No update net, so nothing that could be computed in another way. */
  @Override
  public Decoder withAlgorithm(ConvolutionAlgorithm algorithm) {
    return this;
  }

  @Override
  public DecoderDescription description(Ops tf) {
    throw NoDescription.because(
        "the decoder is convolutional: its hidden maps are no cells of an automaton");
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z) {
    return lanes.over(
        tf,
        z,
        2,
        (lane, part) -> {
          List<Operand<TFloat32>> maps = maps(lane, part);
          return maps.get(maps.size() - 1);
        },
        4);
  }

  @Override
  public int stages() {
    return blocks.size();
  }

  @Override
  public Operand<TFloat32> stage(Ops tf, Operand<TFloat32> states, int stage) {
    return applied(tf, blocks.get(stage).withPrecision(precision), states);
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
    Sequence whole = whole(damage);
    Weights prepared = whole.prepared(tf, weights);
    return new LayerTrace(whole, prepared, whole.forward(tf, z, prepared));
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
                column(tf, drawn, 0), tf.constant((float) (blocks.size() / spec.hiddenDamage()))));
    Operand<TFloat32> places =
        tf.slice(drawn, tf.constant(new int[] {0, 1}), tf.constant(new int[] {-1, 2}));
    List<Operand<TFloat32>> masks = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
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
    return applied(tf, seed, z);
  }

  private Operand<TFloat32> applied(Ops tf, Layer layer, Operand<TFloat32> x) {
    return layer.forward(tf, x, layer.prepared(tf, weights)).float32(tf);
  }

  /** The 2 x 2 map, then the output of each block. */
  List<Operand<TFloat32>> maps(Ops tf, Operand<TFloat32> z) {
    List<Operand<TFloat32>> maps = new ArrayList<>();
    maps.add(seeds(tf, z));
    for (int i = 0; i < blocks.size(); i++) {
      maps.add(stage(tf, maps.get(i), i));
    }
    return maps;
  }

  /**
   * A decoding that can be differentiated.
   *
   * @param whole the decoder as one layer
   * @param prepared its weights
   * @param forward what it computed
   */
  private record LayerTrace(Sequence whole, Weights prepared, Layer.Forward forward)
      implements Trace {
    @Override
    public Operand<TFloat32> last() {
      return Loop.typed(forward.output());
    }

    @Override
    public Layer.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      return whole.backward(tf, forward.saved(), prepared, dLast);
    }
  }
}
