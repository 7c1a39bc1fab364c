package org.vnca.graph.description;

import org.vnca.graph.spec.InputSpec;

/**
 * A generative model: from a latent vector to an image.
 *
 * @param input how stored images enter the model, which makes such as are padded
 * @param latent size Z of the latent vector
 * @param decoder from the latent vector to the last states
 * @param likelihood from the states' first channels to an image
 */
public record ModelDescription(
    InputSpec input, int latent, DecoderDescription decoder, Description likelihood) {}
