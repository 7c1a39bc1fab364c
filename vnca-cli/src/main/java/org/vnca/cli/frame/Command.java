package org.vnca.cli.frame;

import java.util.List;

/** One command of the program. */
public interface Command {
  /** Done. */
  int DONE = 0;

  /** It failed. */
  int FAILED = 1;

  /** The command line's own words are wrong. */
  int MISUSED = 2;

  /** Stopped by Ctrl-C: 128 and the number of SIGINT. */
  int STOPPED = 130;

  /** How it is called, and what its help says. */
  Usage usage();

  /**
   * The commands among which the word behind its name chooses, whose names begin with its own; none
   * for a command that does something itself.
   */
  default List<Command> members() {
    return List.of();
  }

  /** Whether it looks at the console's stop signal, and so may be waited for after Ctrl-C. */
  default boolean endsGently() {
    return false;
  }

  /**
   * Does it.
   *
   * @param words what stood on the command line
   * @param console where the answer goes
   * @return {@link #DONE}, {@link #STOPPED}, or {@link #FAILED} if there was an answer and a line
   *     on standard error that says what failed
   * @throws UsageException if the words do not fit together
   * @throws RuntimeException if it fails
   */
  int run(Words words, Console console);
}
