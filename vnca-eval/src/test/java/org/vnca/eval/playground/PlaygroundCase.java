package org.vnca.eval.playground;

import java.util.List;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;

/**
 * A small model whose states the page must compute as the program does. Channels are seldom
 * multiples of four, in which a texture holds them.
 *
 * @param name as the documents' table has it
 * @param gain of the random weights
 */
record PlaygroundCase(
    String name, ModelSpec spec, InputSpec input, WeightFormat format, double gain) {

  /** With it log-scales stay small, whose exponentials would else be beyond float32. */
  private static final double TAME = 0.35;

  /** One for each kind of decoder, rule and likelihood, and each of their settings. */
  static List<PlaygroundCase> all() {
    return List.of(
        binary("doubling, residual", 9, doubling(2, 3, residual(13, 2, 1, false, 0))),
        binary(
            "doubling, residual: 3x3 kernels, gate, constant channels",
            11,
            doubling(1, 3, residual(6, 1, 3, true, 5))),
        binary(
            "doubling, residual: a net per scale, random cells, noise, constant channels",
            9,
            new DecoderSpec.Doubling(2, 2, residual(10, 1, 1, false, 2), true, 0.5, 0.1)),
        binary(
            "doubling that settles",
            7,
            DecoderSpec.Doubling.of(1, 2, residual(8, 1, 1, false, 0))
                .with(new DecoderSpec.Settle(1, 9, 4))),
        binary(
            "doubling, bounded: constant channels",
            9,
            DecoderSpec.Doubling.of(1, 3, residual(7, 1, 1, false, 3)).bounded(1.5)),
        binary("doubling, GRU", 6, doubling(1, 3, new UpdateSpec.Gru(9))),
        new PlaygroundCase(
            "doubling, simple; weights of 16 bits",
            model(5, doubling(1, 3, new UpdateSpec.Simple(12)), new LikelihoodSpec.Bernoulli()),
            new InputSpec(new ImageShape(4, 4, 1), 0, true),
            WeightFormat.FLOAT16,
            1),
        binary(
            "non-doubling, simple: random cells, noise",
            6,
            nonDoubling(5, 0.5, 0.05, new UpdateSpec.Simple(11))),
        pixels(
            "non-doubling, residual; grey, mixture of 3 logistics",
            1,
            nonDoubling(4, 1, 0, residual(8, 1, 1, false, 0)),
            new LikelihoodSpec.LogisticMixture(3, 0, false)),
        binary(
            "a rule from elsewhere: Sobel filters, living cells",
            8,
            nonDoubling(4, 0.8, 0, new GrowingRule.Settings(10))),
        pixels(
            "non-doubling, fixed perception; grey, discretized Gaussian",
            1,
            nonDoubling(4, 1, 0, new UpdateSpec.FixedPerception(10)),
            new LikelihoodSpec.DiscretizedGaussian(0.15)),
        pixels(
            "RGB, one logistic",
            3,
            doubling(1, 2, residual(12, 1, 1, false, 0)),
            new LikelihoodSpec.LogisticMixture(1, 0, false)),
        pixels(
            "RGB, mixture of 3 logistics, clipped",
            3,
            nonDoubling(3, 1, 0, residual(12, 1, 1, false, 0)),
            new LikelihoodSpec.LogisticMixture(3, 0, true)));
  }

  private static PlaygroundCase binary(String name, int latent, DecoderSpec decoder) {
    int side = side(decoder);
    InputSpec input = new InputSpec(new ImageShape(side, side, 1), 0, true);
    return new PlaygroundCase(
        name,
        model(latent, decoder, new LikelihoodSpec.Bernoulli()),
        input,
        WeightFormat.FLOAT32,
        1);
  }

  private static int side(DecoderSpec decoder) {
    return decoder.sides().isEmpty() ? 6 : decoder.sides().get(0);
  }

  private static PlaygroundCase pixels(
      String name, int channels, DecoderSpec decoder, LikelihoodSpec likelihood) {
    return new PlaygroundCase(
        name,
        model(likelihood.parameterChannels(channels) + 2, decoder, likelihood),
        new InputSpec(new ImageShape(side(decoder), side(decoder), channels), 0, false),
        WeightFormat.FLOAT32,
        TAME);
  }

  private static ModelSpec model(int latent, DecoderSpec decoder, LikelihoodSpec likelihood) {
    return new ModelSpec(
        latent, Posterior.LOG_VARIANCE, new EncoderSpec(2, 3), decoder, likelihood);
  }

  private static UpdateSpec residual(
      int hidden, int blocks, int kernel, boolean gate, int constantChannels) {
    return new UpdateSpec.Residual(hidden, blocks, kernel, gate, constantChannels);
  }

  private static DecoderSpec doubling(int doublings, int steps, UpdateSpec update) {
    return DecoderSpec.Doubling.of(doublings, steps, update);
  }

  private static DecoderSpec nonDoubling(
      int steps, double probability, double noise, UpdateSpec update) {
    return new DecoderSpec.NonDoubling(
        DecoderSpec.StepRange.always(steps), probability, update, noise);
  }
}
