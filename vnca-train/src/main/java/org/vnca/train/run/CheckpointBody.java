package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the files of a checkpoint. */
@FunctionalInterface
public interface CheckpointBody {
  /**
   * Writes the files.
   *
   * @param directory empty, and not in its place yet; at least one file must be written into it
   * @throws IOException if that fails; the checkpoint is then given up, the older ones stay
   */
  void write(Path directory) throws IOException;
}
