package org.vnca.train.trainer;

import org.vnca.graph.session.VncaSession;
import org.vnca.train.run.Checkpoint;

/**
 * A model that runs, and the checkpoint whose values it has.
 *
 * @param checkpoint as it was found whole; a training may have deleted it since
 * @param session the model, which needs the checkpoint no more
 * @param weights which of the checkpoint's it has
 */
public record OpenedModel(Checkpoint checkpoint, VncaSession session, ModelWeights weights)
    implements AutoCloseable {

  /** Whether it has the weights as they were trained although the checkpoint has their average. */
  public boolean besideAverage() {
    return weights == ModelWeights.TRAINED && ModelWeights.averaged(checkpoint);
  }

  @Override
  public void close() {
    session.close();
  }
}
