package org.vnca.cli.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.vnca.cli.Called;

/**
 * A kind of input, and what is done with one of it. The call must refuse a mutated input in one
 * line, or read it right.
 */
interface Subject {
  /** By which it is chosen. */
  String name();

  /** Puts whole inputs into an empty folder, and remembers what they are read as. */
  void prepare(Path folder) throws IOException;

  /** The files that are mutated, one at a time; those that there are at the moment. */
  List<Path> files(Path folder) throws IOException;

  /** Whether a file is text. */
  default boolean isText(Path file) {
    return false;
  }

  /**
   * What is done with the input.
   *
   * @param mutated the file that was changed
   */
  Called call(Path folder, Path mutated, Random random);

  /** What is wrong with the answer to an input that was not refused; empty if nothing is. */
  default String wrong(Path folder, Called called) throws IOException {
    return "";
  }

  /** Files that the call may leave, if it was not refused; they are deleted. */
  default List<Path> made(Path folder) {
    return List.of();
  }

  /** Whether a call may change the folder, so that it is made anew for each. */
  default boolean changesItself() {
    return false;
  }
}
