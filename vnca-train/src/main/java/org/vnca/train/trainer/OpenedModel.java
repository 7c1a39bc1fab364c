package org.vnca.train.trainer;

import org.vnca.graph.session.VncaSession;
import org.vnca.train.run.Checkpoint;

/**
 * A model that runs, and the checkpoint whose values it has.
 *
 * @param checkpoint as it was found whole; a training may have deleted it since
 * @param session the model, which needs the checkpoint no more
 */
public record OpenedModel(Checkpoint checkpoint, VncaSession session) implements AutoCloseable {
  @Override
  public void close() {
    session.close();
  }
}
