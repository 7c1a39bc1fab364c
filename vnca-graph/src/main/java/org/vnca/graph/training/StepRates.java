package org.vnca.graph.training;

/**
 * What a step depends on beside the settings of all steps: whoever trains says it for each.
 *
 * @param learningRate of the optimizer
 * @param beta weight of the KL term
 * @param normLimit a larger norm of the gradients, before clipping, makes the step change nothing;
 *     counts with {@link TrainingStep.Settings#guarded} only
 */
public record StepRates(float learningRate, float beta, float normLimit) {

  /** Whether a norm is not within the limit; one that is not a number never is. */
  public boolean skips(float norm) {
    return !(norm <= normLimit);
  }
}
