package org.vnca.cli.frame;

import org.vnca.base.fault.Hint;

/** Words of the command line that are wrong. The message is one line; help follows it. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String topic;

  /**
   * A fault.
   *
   * @param topic the command whose help helps; empty for the program's
   * @param message which word, and what should stand there
   */
  public UsageException(String topic, String message) {
    super(message.replaceAll("\\s+", " "));
    this.topic = topic;
  }

  /** The command line that prints the help that helps. */
  public String help() {
    return Hint.command("help %s", topic).strip();
  }
}
