package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.nn.Activation;
import org.vnca.graph.nn.Affine;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Dense;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Reshape;
import org.vnca.graph.nn.Saved;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Precision;

/**
 * q(z|x): five convolutions with ELU, strides 1, 2, 2, 2, 2, then a dense layer to 2 Z values: the
 * mean, then the spread (paper, section 2.2 and A.5).
 *
 * <p>The first convolution pads until the image's side is a multiple of 16, so that a 28 x 28 image
 * is padded by 4 all round, as in A.6.
 */
public final class Encoder {
  /** The four strides of 2 divide the side by this. */
  private static final int REDUCTION = 16;

  private final Sequence net;
  private final List<Parameter> parameters;
  private final Weights weights;

  /**
   * Makes the encoder and its parameters, whose names begin with {@code encoder/}.
   *
   * @param image shape of the images that it reads
   */
  public Encoder(ModelSpec model, ImageShape image, Parameters parameters) {
    this.net = net(model, image);
    this.parameters = parameters.add(net.parameters());
    this.weights = Weights.of(this.parameters);
  }

  private Encoder(Encoder encoder, Precision precision) {
    this.net = encoder.net.withPrecision(precision);
    this.parameters = encoder.parameters;
    this.weights = encoder.weights;
  }

  /**
   * The encoder's layers.
   *
   * @param image shape of the images that they read
   */
  static Sequence net(ModelSpec model, ImageShape image) {
    EncoderSpec spec = model.encoder();
    int side = insideSide(image);
    List<Layer> layers = new ArrayList<>();
    if (spec.centered()) {
      layers.add(new Affine(2, -1));
    }
    int in = image.channels();
    for (int i = 0; i < EncoderSpec.LAYERS; i++) {
      int out = spec.filters() << i;
      int outside = i == 0 ? (side - image.height()) / 2 : 0;
      int padding = spec.kernel() / 2 + outside;
      layers.add(
          Convolution.of("encoder/conv" + i, spec.kernel(), in, out, i == 0 ? 1 : 2, padding)
              .withBias());
      layers.add(Activation.ELU);
      in = out;
    }
    MapShape last = MapShape.square(side / REDUCTION, in);
    layers.add(Reshape.toRows(last));
    layers.add(new Dense("encoder/dense", last.values(), 2 * model.latent()).withBias());
    return new Sequence(layers);
  }

  /** Side of the first convolution's map: the image's, padded to a multiple of 16. */
  private static int insideSide(ImageShape image) {
    if (image.height() != image.width()) {
      throw new IllegalArgumentException("the encoder reads square images, but these are " + image);
    }
    int side = (image.height() + REDUCTION - 1) / REDUCTION * REDUCTION;
    if ((side - image.height()) % 2 != 0) {
      throw new IllegalArgumentException(
          "the encoder reads images with an even side, but these are " + image);
    }
    return side;
  }

  /**
   * The same encoder with the same parameters, whose convolutions multiply in another precision.
   * The dense layer stays float32: what follows is an exponential of its outputs.
   */
  public Encoder withPrecision(Precision precision) {
    return new Encoder(this, precision);
  }

  /** Weight and bias of each convolution, then of the dense layer. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /**
   * Encodes images.
   *
   * @param x images {@code [B, H, W, channels]} float32
   */
  public Trace forward(Ops tf, Operand<TFloat32> x) {
    Weights prepared = net.prepared(tf, weights);
    Layer.Forward forward = net.forward(tf, x, prepared);
    return new Trace(forward.float32(tf), forward.saved(), prepared);
  }

  /**
   * The gradients of the parameters.
   *
   * @param trace what {@link #forward} returned
   * @param dOutput gradient of its output, {@code [B, 2 Z]}
   */
  public Gradients backward(Ops tf, Trace trace, Operand<TFloat32> dOutput) {
    return net.backward(tf, trace.saved(), trace.prepared(), dOutput).dWeights();
  }

  /**
   * An encoding that can be differentiated.
   *
   * @param output {@code [B, 2 Z]} float32
   * @param saved what the gradient needs
   * @param prepared the weights that it was computed with
   */
  public record Trace(Operand<TFloat32> output, Saved saved, Weights prepared) {}
}
