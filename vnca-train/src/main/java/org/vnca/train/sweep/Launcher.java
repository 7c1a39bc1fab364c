package org.vnca.train.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts this program again, as a process of its own. */
@FunctionalInterface
public interface Launcher {
  /**
   * Starts it.
   *
   * @param words its command line, such as {@code train x.yaml}
   * @param log where both of its outputs go, behind what is there already
   * @throws IOException if it cannot be started
   */
  Process launch(List<String> words, Path log) throws IOException;
}
