package org.vnca.cli.frame;

import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;

/**
 * An option of a command.
 *
 * @param name without dashes
 * @param letter a short form; empty for none
 * @param argument what its value is called; empty if it has none
 * @param what what it does, and its default
 * @param times how often it must and may stand there
 */
public record Flag(
    String name, Optional<String> letter, Optional<String> argument, String what, Times times) {
  /** How often an option stands on a command line. */
  public enum Times {
    /** Never or once. */
    OPTIONAL,
    /** Once. */
    REQUIRED,
    /** As often as one likes. */
    REPEATABLE
  }

  public static final String JSON = "json";
  public static final String QUIET = "quiet";
  public static final String DEBUG = "debug";
  public static final String HELP = "help";
  public static final String VERSION = "version";
  public static final String SET = "set";
  public static final String OUT = "out";
  public static final String CHECKPOINT = "checkpoint";
  public static final String DEVICE = "device";
  public static final String DATA = "data";
  public static final String WEIGHTS = "weights";

  /** The options of every command. */
  public static final List<Flag> COMMON =
      List.of(
          of(JSON, "answer with one JSON object on standard output"),
          of(QUIET, "plain lines on standard error instead of progress bars"),
          of(DEBUG, "if it fails, print the stack trace too"),
          new Flag(HELP, Optional.of("h"), Optional.empty(), "print the help", Times.OPTIONAL));

  /** Which checkpoint a command looks at. */
  public static final Flag WHICH_CHECKPOINT =
      valued(CHECKPOINT, "WHICH", "best (on validation), latest or a step; default: best");

  /** Which of a checkpoint's weights a command looks at. */
  public static final Flag WHICH_WEIGHTS =
      valued(
          WEIGHTS,
          "WHICH",
          "average (of the weights over the training, if the run has train.average) or trained, as"
              + " the last step left them; default: average if there is one");

  /** Where a command computes a run's model. */
  public static final Flag WHICH_DEVICE =
      valued(
          DEVICE,
          "DEVICE",
          "auto, cpu or gpu; default: the descriptor's train.device, or the first of its"
              + " train.devices");

  /** Where a run's data lie. */
  public static final Flag WHICH_DATA =
      valued(
          DATA,
          "FILE",
          "where the run's dataset lies now; it must have the checksum that manifest.json says."
              + " Default: data.file, then where the run found it, then the same place beside the"
              + " run");

  /** An option without a value. */
  public static Flag of(String name, String what) {
    return new Flag(name, Optional.empty(), Optional.empty(), what, Times.OPTIONAL);
  }

  /** An option with a value, given at most once. */
  public static Flag valued(String name, String argument, String what) {
    return new Flag(name, Optional.empty(), Optional.of(argument), what, Times.OPTIONAL);
  }

  /** An option with a value that must be given. */
  public static Flag required(String name, String argument, String what) {
    return new Flag(name, Optional.empty(), Optional.of(argument), what, Times.REQUIRED);
  }

  /** An option with a value that may be given many times. */
  public static Flag repeatable(String name, String argument, String what) {
    return new Flag(name, Optional.empty(), Optional.of(argument), what, Times.REPEATABLE);
  }

  /** As it is written on a command line, its short form first. */
  public String written() {
    return letter.map(text -> "-" + text + ", ").orElse("") + "--" + name + value();
  }

  /** As a usage line shows it: in brackets if it can be left out. */
  String inUsage() {
    String text = "--" + name + value();
    return switch (times) {
      case OPTIONAL -> "[" + text + "]";
      case REQUIRED -> text;
      case REPEATABLE -> "[" + text + "]...";
    };
  }

  private String value() {
    return argument.map(text -> " " + text).orElse("");
  }

  /** The same for the parser, which leaves it to {@link Words} how often it stands there. */
  public Option toOption() {
    return Option.builder(letter.orElse(null)).longOpt(name).hasArg(argument.isPresent()).get();
  }
}
