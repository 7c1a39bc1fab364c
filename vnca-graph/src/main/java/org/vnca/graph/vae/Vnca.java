package org.vnca.graph.vae;

import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.description.ModelDescription;
import org.vnca.graph.nn.Lanes;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.ModelSpec;

/**
 * A model in a graph: its variables and how its parts fit together. What is run (a training step, a
 * bound, pictures) is built on top by the classes beside this one, all on the same variables.
 *
 * <p>Closing it closes the graph.
 */
public final class Vnca implements AutoCloseable {
  private final Graph graph;
  private final Ops tf;
  private final ModelSpec spec;
  private final InputSpec input;
  private final ImageShape image;
  private final long seed;
  private final Parameters parameters;
  private final Encoder encoder;
  private final Decoder decoder;
  private final Likelihood likelihood;

  /**
   * Builds the variables.
   *
   * @param input how stored images enter the model
   * @param seed from which first values and every draw follow
   * @throws InvalidSetting if decoder, likelihood or latent size do not suit the images
   */
  public Vnca(ModelSpec spec, InputSpec input, long seed) {
    this(spec, input, seed, ConvolutionAlgorithm.DIRECT);
  }

  /** As above, the update nets' convolutions computed in one way or another. */
  public Vnca(ModelSpec spec, InputSpec input, long seed, ConvolutionAlgorithm algorithm) {
    this(spec, input, seed, algorithm, input.padded().height());
  }

  /**
   * As above, with a decoder that makes images of another side: the same parameters on another
   * grid, in one lane.
   *
   * @see #Vnca(ModelSpec, InputSpec, long, ConvolutionAlgorithm, Lanes, int)
   */
  public Vnca(
      ModelSpec spec, InputSpec input, long seed, ConvolutionAlgorithm algorithm, int side) {
    this(spec, input, seed, algorithm, Lanes.ONE, side);
  }

  /**
   * As above, with a decoder that makes images of another side: the same parameters on another
   * grid. The encoder still reads images of the data's size, so only what knows no image, such as
   * images of the prior's latent vectors, can be built on it.
   *
   * @param lanes in which decodings without a history take their batch
   * @param side of the images that are made, as {@link DecoderSpec#makes} of {@link
   *     DecoderSpec#grown}
   * @throws InvalidSetting also if the decoder cannot make them
   */
  public Vnca(
      ModelSpec spec,
      InputSpec input,
      long seed,
      ConvolutionAlgorithm algorithm,
      Lanes lanes,
      int side) {
    requireFits(spec, input);
    requirePlainDigits();
    this.graph = new Graph();
    this.tf = Ops.create(graph);
    this.spec = side == input.padded().height() ? spec : spec.grown(side);
    this.input = input;
    this.seed = seed;
    ImageShape image = input.padded();
    this.image = new ImageShape(side, side, image.channels());
    this.parameters = new Parameters(tf, seed);
    this.encoder = new Encoder(spec, image, parameters);
    this.decoder =
        Decoder.of(
                this.spec.decoder(),
                spec.latent(),
                side,
                spec.likelihood().parameterChannels(image.channels()),
                parameters)
            .withAlgorithm(algorithm)
            .inLanes(lanes);
    this.likelihood = Likelihood.of(spec.likelihood(), image.channels(), seed);
  }

  /**
   * Refuses a model that does not suit the images, without building anything.
   *
   * @param input how stored images enter the model
   * @throws InvalidSetting if decoder, likelihood or latent size do not suit the images
   */
  public static void requireFits(ModelSpec spec, InputSpec input) {
    ImageShape image = input.padded();
    List<Integer> sides = spec.decoder().sides();
    if (image.height() != image.width() || !spec.decoder().makes(image.height())) {
      throw new InvalidSetting(
          "decoder",
          "must make images of the data's size, " + image,
          sides.isEmpty()
              ? "square ones (pad-to makes them so)"
              : sides.stream().map(side -> side + "x" + side).collect(Collectors.joining(" or "))
                  + " (pad-to and doublings decide the sizes)");
    }
    spec.likelihood().requireFits(input);
    int channels = spec.likelihood().parameterChannels(image.channels());
    int constant = spec.decoder().constantChannels();
    if (spec.decoder().cellular() && spec.cellChannels() < channels + constant) {
      boolean own = spec.cellChannels() != spec.latent();
      throw new InvalidSetting(
          own ? "decoder.channels" : "latent",
          "must be at least "
              + (channels + constant)
              + ", the channels that the likelihood reads"
              + (constant == 0 ? "" : " and the " + constant + " that are held constant"),
          spec.cellChannels(),
          List.of("likelihood", "decoder"));
    }
  }

  /**
   * TensorFlow Java numbers its nodes in the default locale's digits, and TensorFlow knows 0 to 9.
   */
  private static void requirePlainDigits() {
    Locale locale = Locale.getDefault(Locale.Category.FORMAT);
    if (DecimalFormatSymbols.getInstance(locale).getZeroDigit() != '0') {
      throw new IllegalStateException(
          "the default locale "
              + locale.toLanguageTag()
              + " has digits of its own, which TensorFlow refuses in names of nodes; call"
              + " Locale.setDefault(Locale.ROOT) first");
    }
  }

  /** The graph, closed by {@link #close()}. */
  public Graph graph() {
    return graph;
  }

  /** The model's description. */
  public ModelSpec spec() {
    return spec;
  }

  /** Shape of an image that the decoder makes: that of the data's, padded, unless it has grown. */
  public ImageShape image() {
    return image;
  }

  /**
   * How it decodes, for programs without TensorFlow.
   *
   * @throws org.vnca.graph.description.NoDescription if the decoder is no automaton, or a part does
   *     not say how it is computed
   */
  public ModelDescription description() {
    return new ModelDescription(
        input,
        spec.latent(),
        decoder.description(tf.withSubScope("description")),
        likelihood.description());
  }

  /** The seed from which every draw follows. */
  public long seed() {
    return seed;
  }

  /** All variables, in the order of their making; optimizers add theirs. */
  public Parameters parameters() {
    return parameters;
  }

  /** What is trained: the encoder's parameters, then the decoder's. */
  public List<Parameter> trainable() {
    List<Parameter> trainable = new ArrayList<>(encoder.parameters());
    trainable.addAll(decoder.parameters());
    return List.copyOf(trainable);
  }

  public Ops ops(String scope) {
    return tf.withSubScope(scope);
  }

  public Decoder decoder() {
    return decoder;
  }

  public Likelihood likelihood() {
    return likelihood;
  }

  /** A placeholder for stored images, {@code [B, h, w, channels]} uint8. */
  public Placeholder<TUint8> images(Ops scope) {
    return images(scope, input.stored());
  }

  /** A placeholder for images of a shape, {@code [B, h, w, channels]} uint8. */
  private static Placeholder<TUint8> images(Ops scope, ImageShape shape) {
    return scope
        .withName("images")
        .placeholder(
            TUint8.class,
            Placeholder.shape(Shape.of(-1, shape.height(), shape.width(), shape.channels())));
  }

  /** A placeholder for images that are padded already, {@code [B, H, W, channels]} uint8. */
  public Placeholder<TUint8> paddedImages(Ops scope) {
    return images(scope, input.padded());
  }

  /**
   * Casts, scales and pads stored images.
   *
   * @param stored {@code [B, h, w, channels]} uint8
   * @return {@code [B, H, W, channels]} float32 in [0, 1]
   */
  public Operand<TFloat32> pixels(Ops scope, Operand<TUint8> stored) {
    Operand<TFloat32> scaled = scaled(scope, stored);
    if (input.padTo() == 0) {
      return scaled;
    }
    int top = (input.padTo() - input.stored().height()) / 2;
    int left = (input.padTo() - input.stored().width()) / 2;
    int bottom = input.padTo() - input.stored().height() - top;
    int right = input.padTo() - input.stored().width() - left;
    return scope.pad(
        scaled,
        scope.constant(new int[][] {{0, 0}, {top, bottom}, {left, right}, {0, 0}}),
        scope.constant(0f));
  }

  /**
   * Casts and scales images of any size.
   *
   * @param images uint8
   * @return float32 in [0, 1]
   */
  public Operand<TFloat32> scaled(Ops scope, Operand<TUint8> images) {
    Operand<TFloat32> x = scope.dtypes.cast(images, TFloat32.class);
    return input.binary() ? x : scope.math.div(x, scope.constant(255f));
  }

  public Encoder encoder() {
    return encoder;
  }

  /** The posterior of images, {@code [B, H, W, channels]} float32. */
  public Gaussian posterior(Ops scope, Operand<TFloat32> x) {
    return Gaussian.of(scope, encoder.forward(scope, x).output(), spec.posterior());
  }

  @Override
  public void close() {
    graph.close();
  }
}
