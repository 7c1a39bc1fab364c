package org.vnca.graph.serving;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.decoder.CellularDecoder;
import org.vnca.graph.decoder.Decoder;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.vae.Gaussian;
import org.vnca.graph.vae.Vnca;

/**
 * What programs elsewhere call of a trained model:
 *
 * <ul>
 *   <li>{@code encode}: {@code images} as stored, {@code [N, h, w, channels]} uint8, to {@code
 *       mean} and {@code sigma} of q(z|x), {@code [N, Z]};
 *   <li>{@code decode}: {@code latents [N, Z]} to {@code mean}, the mean image of p(x|z), {@code
 *       [N, H, W, channels]} in [0, 1], and {@code states}, the decoder's last map;
 *   <li>{@code sample}: {@code numbers [N]} int64 to {@code latents} of the prior and {@code
 *       images} of p(x|z); a number's dream is always the same and depends on no other;
 *   <li>{@code grow}, unless the decoder is no automaton: as {@code decode}, with {@code steps},
 *       scalar int32, the number T of steps, of each stage if the grid doubles; and {@code settle},
 *       scalar int32, further steps on the last grid, if the decoder grows and settles.
 * </ul>
 *
 * @param ports in this order
 */
public record Serving(List<Port> ports) {
  private static final String LATENTS = "latents";

  public Serving {
    ports = List.copyOf(ports);
  }

  /**
   * Something that can be called.
   *
   * @param name the signature's name
   * @param inputs to be fed, by name
   * @param outputs by name
   */
  public record Port(String name, Map<String, Operand<?>> inputs, Map<String, Operand<?>> outputs) {
    public Port {
      inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
      outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }
  }

  /** Builds it into the model's graph. */
  public static Serving build(Vnca model) {
    Ops tf = model.ops("serving");
    List<Port> ports = new ArrayList<>();
    ports.add(encode(tf.withSubScope("encode"), model));
    ports.add(decode(tf.withSubScope("decode"), model));
    ports.add(sample(tf.withSubScope("sample"), model));
    decoder(model)
        .cellular()
        .ifPresent(decoder -> ports.add(grow(tf.withSubScope("grow"), model, decoder)));
    return new Serving(ports);
  }

  /** As every device computes it. */
  private static Decoder decoder(Vnca model) {
    return model.decoder().withAlgorithm(ConvolutionAlgorithm.DIRECT);
  }

  private static Port encode(Ops tf, Vnca model) {
    Placeholder<TUint8> images = model.images(tf);
    Operand<TUint8> checked = tf.ensureShape(images, images.shape());
    Gaussian posterior = model.posterior(tf, model.pixels(tf, checked));
    return new Port(
        "encode",
        Map.of("images", images),
        ordered("mean", posterior.mean(), "sigma", posterior.sigma(tf)));
  }

  private static Port decode(Ops tf, Vnca model) {
    Placeholder<TFloat32> latents = latents(tf, model);
    return new Port(
        "decode",
        Map.of(LATENTS, latents),
        decoded(tf, model, decoder(model).decode(tf, checked(tf, latents))));
  }

  private static Port grow(Ops tf, Vnca model, CellularDecoder decoder) {
    Placeholder<TFloat32> latents = latents(tf, model);
    Map<String, Operand<?>> inputs = new LinkedHashMap<>();
    inputs.put(LATENTS, latents);
    List<Operand<TInt32>> counts = new ArrayList<>();
    for (String name : decoder.counts()) {
      Placeholder<TInt32> count =
          tf.withName(name).placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
      inputs.put(name, count);
      counts.add(count);
    }
    return new Port(
        "grow", inputs, decoded(tf, model, decoder.decode(tf, checked(tf, latents), counts)));
  }

  private static Port sample(Ops tf, Vnca model) {
    Placeholder<TInt64> numbers =
        tf.withName("numbers").placeholder(TInt64.class, Placeholder.shape(Shape.of(-1)));
    ImageShape image = model.image();
    Operand<TFloat32> latents =
        Stream.PRIOR.normals(
            tf.withSubScope("prior"), Shape.of(model.spec().latent()), model.seed(), numbers);
    Operand<TFloat32> z = tf.reshape(latents, tf.constant(new int[] {-1, model.spec().latent()}));
    Operand<TFloat32> states = decoder(model).decode(tf.withSubScope("decoder"), z);
    Operand<TFloat32> uniform =
        Stream.LIKELIHOOD.uniforms(
            tf.withSubScope("pixel_noise"),
            Shape.of(image.height(), image.width(), model.likelihood().draws()),
            model.seed(),
            numbers);
    return new Port(
        "sample",
        Map.of("numbers", numbers),
        ordered(
            "images",
            shaped(tf, model, model.likelihood().sample(tf, states, uniform), image.channels()),
            LATENTS,
            z));
  }

  private static Placeholder<TFloat32> latents(Ops tf, Vnca model) {
    return tf.withName(LATENTS)
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, model.spec().latent())));
  }

  private static Map<String, Operand<?>> decoded(Ops tf, Vnca model, Operand<TFloat32> states) {
    return ordered(
        "mean",
        shaped(tf, model, model.likelihood().mean(tf, states), model.image().channels()),
        "states",
        shaped(tf, model, states, Shape.UNKNOWN_SIZE));
  }

  /**
   * Fails if the width is not Z. A feed's shape is not checked by TensorFlow in Python, where the
   * convolutions that follow would write beyond their memory.
   */
  private static Operand<TFloat32> checked(Ops tf, Placeholder<TFloat32> latents) {
    return tf.ensureShape(latents, latents.shape());
  }

  /** The same, of a shape that a reader of the SavedModel can see. */
  private static Operand<TFloat32> shaped(
      Ops tf, Vnca model, Operand<TFloat32> maps, long channels) {
    return tf.ensureShape(
        maps, Shape.of(-1, model.image().height(), model.image().width(), channels));
  }

  private static Map<String, Operand<?>> ordered(
      String first, Operand<?> one, String second, Operand<?> other) {
    Map<String, Operand<?>> both = new LinkedHashMap<>();
    both.put(first, one);
    both.put(second, other);
    return both;
  }
}
