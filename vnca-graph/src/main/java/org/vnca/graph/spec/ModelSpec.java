package org.vnca.graph.spec;

/**
 * A variational autoencoder whose decoder is a cellular automaton.
 *
 * @param latent size Z of the latent vector, which is also the number of channels of a cell
 * @param posterior what the encoder's second half means
 * @param encoder q(z|x)
 * @param decoder z to the likelihood's parameters
 * @param likelihood p(x|z)
 */
public record ModelSpec(
    int latent,
    Posterior posterior,
    EncoderSpec encoder,
    DecoderSpec decoder,
    LikelihoodSpec likelihood) {
  /** The paper's doubling VNCA for MNIST: 6.59 million parameters. */
  public static final ModelSpec PAPER =
      new ModelSpec(
          256,
          Posterior.LOG_VARIANCE,
          EncoderSpec.PAPER,
          DecoderSpec.Doubling.PAPER,
          new LikelihoodSpec.Bernoulli());

  public ModelSpec {
    InvalidSetting.requireAtLeast("latent", latent, 1);
    InvalidSetting.requirePresent("posterior", posterior);
    InvalidSetting.requirePresent("encoder", encoder);
    InvalidSetting.requirePresent("decoder", decoder);
    InvalidSetting.requirePresent("likelihood", likelihood);
  }

  /** Channels of a cell of the decoder. */
  public int cellChannels() {
    return decoder.cellChannels(latent);
  }

  /** The same model with another decoder. */
  public ModelSpec with(DecoderSpec other) {
    return new ModelSpec(latent, posterior, encoder, other, likelihood);
  }

  /**
   * The same model whose decoder makes images of another side, with the same parameters.
   *
   * @throws InvalidSetting if it cannot
   */
  public ModelSpec grown(int side) {
    return with(decoder.grown(side));
  }
}
