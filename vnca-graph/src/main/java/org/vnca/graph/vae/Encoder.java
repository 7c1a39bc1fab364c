package org.vnca.graph.vae;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Dense;
import org.vnca.graph.nn.LayerGradient;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.ImageShape;
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

  private final List<Convolution> convolutions = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Dense dense;
  private final boolean centered;

  /**
   * Makes the encoder and its parameters, whose names begin with {@code encoder/}.
   *
   * @param image shape of the images that it reads
   */
  public Encoder(ModelSpec model, ImageShape image, Parameters parameters) {
    EncoderSpec spec = model.encoder();
    centered = spec.centered();
    if (image.height() != image.width()) {
      throw new IllegalArgumentException("the encoder reads square images, but these are " + image);
    }
    int side = insideSide(image.height());
    int extra = side - image.height();
    if (extra % 2 != 0) {
      throw new IllegalArgumentException(
          "the encoder reads images with an even side, but these are " + image);
    }
    int in = image.channels();
    int out = spec.filters();
    for (int i = 0; i < EncoderSpec.LAYERS; i++) {
      int padding = spec.kernel() / 2 + (i == 0 ? extra / 2 : 0);
      Convolution layer =
          new Convolution(
              "encoder/conv" + i,
              spec.kernel(),
              in,
              out,
              i == 0 ? 1 : 2,
              padding,
              true,
              true,
              false,
              Precision.FLOAT32);
      this.parameters.addAll(layer.addTo(parameters));
      convolutions.add(layer);
      in = out;
      out *= 2;
    }
    int last = side / REDUCTION;
    dense = new Dense("encoder/dense", last * last * in, 2 * model.latent());
    this.parameters.addAll(dense.addTo(parameters));
  }

  private Encoder(Encoder encoder, Precision precision) {
    encoder.convolutions.forEach(layer -> convolutions.add(layer.withPrecision(precision)));
    parameters.addAll(encoder.parameters);
    dense = encoder.dense;
    centered = encoder.centered;
  }

  /**
   * The same encoder with the same parameters, whose convolutions multiply in another precision.
   * The dense layer stays float32: what follows is an exponential of its outputs.
   */
  Encoder withPrecision(Precision precision) {
    return new Encoder(this, precision);
  }

  /** Side of the first convolution's map: the image's, padded to a multiple of 16. */
  static int insideSide(int side) {
    return (side + REDUCTION - 1) / REDUCTION * REDUCTION;
  }

  /** Weight and bias of each convolution, then of the dense layer. */
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  /**
   * Encodes images.
   *
   * @param x images {@code [B, H, W, channels]} float32
   */
  public Trace forward(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> h =
        centered ? tf.math.sub(tf.math.mul(x, tf.constant(2f)), tf.constant(1f)) : x;
    List<Operand<TFloat32>> activations = new ArrayList<>(List.of(h));
    for (int i = 0; i < convolutions.size(); i++) {
      h = convolutions.get(i).forward(tf, h, values(2 * i, 2 * i + 2));
      activations.add(h);
    }
    Operand<TFloat32> rows = tf.reshape(h, tf.constant(new int[] {-1, dense.in()}));
    return new Trace(dense.forward(tf, rows, denseValues()), activations, rows);
  }

  /**
   * The gradients of the parameters. Composed here, because {@code Graph.addGradients} drops the
   * explicit padding of a convolution (TensorFlow Java 1.1.0).
   *
   * @param trace what {@link #forward} returned
   * @param dOutput gradient of its output, {@code [B, 2 Z]}
   * @return in the order of {@link #parameters()}
   */
  public List<Operand<TFloat32>> backward(Ops tf, Trace trace, Operand<TFloat32> dOutput) {
    LayerGradient behind = dense.backward(tf, trace.rows(), denseValues(), dOutput);
    List<List<Operand<TFloat32>>> reversed = new ArrayList<>();
    reversed.add(behind.dWeights());
    int last = convolutions.size();
    Operand<TFloat32> dh = tf.reshape(behind.dx(), tf.shape(trace.activations().get(last)));
    for (int i = last - 1; i >= 0; i--) {
      LayerGradient gradient =
          convolutions
              .get(i)
              .backward(
                  tf,
                  trace.activations().get(i),
                  trace.activations().get(i + 1),
                  values(2 * i, 2 * i + 2),
                  dh,
                  i > 0);
      reversed.add(gradient.dWeights());
      dh = gradient.dx();
    }
    Collections.reverse(reversed);
    return reversed.stream().flatMap(List::stream).toList();
  }

  private List<Operand<TFloat32>> denseValues() {
    return values(2 * convolutions.size(), parameters.size());
  }

  private List<Operand<TFloat32>> values(int from, int to) {
    List<Operand<TFloat32>> values = new ArrayList<>();
    parameters.subList(from, to).forEach(parameter -> values.add(parameter.value()));
    return values;
  }

  /**
   * An encoding that can be differentiated.
   *
   * @param output {@code [B, 2 Z]} float32
   * @param activations the images, then the output of each convolution
   * @param rows the input of the dense layer
   */
  public record Trace(
      Operand<TFloat32> output, List<Operand<TFloat32>> activations, Operand<TFloat32> rows) {}
}
