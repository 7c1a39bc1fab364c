package org.vnca.cli.frame;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.vnca.graph.device.Device;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.RunNames;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.ModelWeights;

/** What stands on the command line behind the command's name, checked as it is asked for. */
public final class Words {
  /**
   * What can be counted one by one in a command: images, rows, steps. More is a slip, and would
   * take more memory or time than there is.
   */
  public static final int MOST = 65_536;

  private static final String DECIMAL = "([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?";
  private static final List<String> DEVICES =
      Arrays.stream(Device.values()).map(d -> d.name().toLowerCase(Locale.ROOT)).toList();

  private final String command;
  private final List<String> all;
  private final CommandLine line;

  /**
   * @param command the command's name
   * @param all every word of the command line
   * @param line the words behind the name, parsed
   */
  public Words(String command, List<String> all, CommandLine line) {
    this.command = command;
    this.all = List.copyOf(all);
    this.line = line;
  }

  /** Every word of the command line, the command's name among them. */
  public List<String> all() {
    return all;
  }

  /** The words that are no options. */
  public List<String> operands() {
    return line.getArgList();
  }

  /** The word at a place that is a path. */
  public Path path(int place) {
    return path(operands().get(place));
  }

  /**
   * The run that a word means: its directory, the beginning of its name, or {@code last}.
   *
   * @throws org.vnca.train.run.RunException if it means none, or several
   */
  public Path run(int place) {
    return RunNames.resolve(path(place), RunNames.RUNS);
  }

  /** Whether an option stands there. */
  public boolean has(String option) {
    return line.hasOption(option);
  }

  /** All values of an option, in their order. */
  public List<String> texts(String option) {
    String[] values = line.getOptionValues(option);
    return values == null ? List.of() : List.of(values);
  }

  /** The value of an option, if it stands there. */
  public Optional<String> text(String option) {
    return Optional.ofNullable(line.getOptionValue(option));
  }

  /** The value of an option that is a path. */
  public Optional<Path> pathOf(String option) {
    return text(option).map(this::path);
  }

  /**
   * The value of an option that is a whole number.
   *
   * @throws UsageException unless it is one, from {@code least} to the greatest int
   */
  public Optional<Integer> whole(String option, int least) {
    return whole(option, least, Integer.MAX_VALUE);
  }

  /**
   * The value of an option that is a whole number.
   *
   * @throws UsageException unless it is one, from {@code least} to {@code most}
   */
  public Optional<Integer> whole(String option, int least, int most) {
    return text(option)
        .map(
            value ->
                within(value, least, most)
                    .orElseThrow(
                        () ->
                            wrong(
                                option,
                                "must be a whole number " + range(List.of(value), least, most))));
  }

  /**
   * The value of an option that is one whole number or several with commas between; nothing if the
   * option does not stand there.
   *
   * @throws UsageException unless each is one, from {@code least} to {@code most}
   */
  public List<Integer> wholes(String option, int least, int most) {
    List<String> parts = text(option).map(value -> List.of(value.split(",", -1))).orElse(List.of());
    List<Integer> numbers = new ArrayList<>();
    for (String part : parts) {
      numbers.add(
          within(part, least, most)
              .orElseThrow(
                  () ->
                      wrong(
                          option,
                          "must be whole numbers %s, with commas between"
                              .formatted(range(parts, least, most)))));
    }
    return numbers;
  }

  private static Optional<Integer> within(String value, int least, int most) {
    return parsed(value).filter(number -> number >= least && number <= most).map(Long::intValue);
  }

  /** The rule; its end is said to whoever has gone beyond it. */
  private static String range(List<String> given, int least, int most) {
    BigInteger end = BigInteger.valueOf(most);
    boolean beyond =
        given.stream()
            .filter(value -> value.matches("[+]?[0-9]+"))
            .anyMatch(value -> new BigInteger(value).compareTo(end) > 0);
    return beyond ? "from %d to %d".formatted(least, most) : "of at least " + least;
  }

  /**
   * The value of an option that is any whole number, such as a seed.
   *
   * @throws UsageException unless it is one of 64 bits
   */
  public Optional<Long> seed(String option) {
    return text(option)
        .map(
            value ->
                parsed(value)
                    .orElseThrow(() -> wrong(option, "must be a whole number of 64 bits")));
  }

  /**
   * The value of an option that is any finite number.
   *
   * @throws UsageException unless it is one
   */
  public Optional<Double> number(String option) {
    return text(option)
        .map(
            value -> {
              if (!value.matches("[-+]?" + DECIMAL)) {
                throw wrong(option, "must be a number");
              }
              return Double.parseDouble(value);
            });
  }

  /**
   * The value of an option that is a part of 1.
   *
   * @throws UsageException unless it is a number from 0 to 1
   */
  public Optional<Double> share(String option) {
    return text(option)
        .map(
            value -> {
              try {
                double share = Double.parseDouble(value);
                if (share >= 0 && share <= 1) {
                  return share;
                }
              } catch (NumberFormatException e) {
                throw wrong(option, "must be a number from 0 to 1");
              }
              throw wrong(option, "must be a number from 0 to 1");
            });
  }

  /**
   * The value of an option that is a number above zero.
   *
   * @throws UsageException unless it is one of at most {@code most}
   */
  public Optional<Double> positive(String option, double most) {
    String rule =
        most == 1 ? "must be a number above 0 and at most 1" : "must be a finite number above 0";
    return text(option)
        .map(
            value -> {
              double number = value.matches(DECIMAL) ? Double.parseDouble(value) : Double.NaN;
              if (!(number > 0 && number <= most)) {
                throw wrong(option, rule);
              }
              return number;
            });
  }

  /**
   * The value of an option that is one of some words.
   *
   * @throws UsageException unless it is
   */
  public Optional<String> choice(String option, List<String> words) {
    text(option)
        .filter(word -> !words.contains(word))
        .ifPresent(
            word -> {
              throw wrong(option, "must be one of " + String.join(", ", words));
            });
    return text(option);
  }

  /**
   * The device that is asked for.
   *
   * @throws UsageException unless it is {@code auto}, {@code cpu} or {@code gpu}
   */
  public Optional<Device> device() {
    return choice(Flag.DEVICE, DEVICES).map(word -> Device.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  /**
   * The model of a run that is asked for, the best checkpoint's if none is.
   *
   * @throws UsageException as {@link #checkpoint} and {@link #device}, and unless the weights are
   *     {@code average} or {@code trained}
   */
  public ModelChoice model() {
    return model(choice(Flag.WEIGHTS, ModelWeights.words()).map(ModelWeights::of));
  }

  /**
   * The model of a run that is asked for.
   *
   * @param weights which of the checkpoint's, if that is said
   * @throws UsageException as {@link #checkpoint} and {@link #device}
   */
  public ModelChoice model(Optional<ModelWeights> weights) {
    return new ModelChoice(checkpoint(), device(), text(Flag.DATA), weights);
  }

  /**
   * The checkpoint that is asked for, the best one if none is.
   *
   * @throws UsageException unless it is {@code best}, {@code latest} or a step
   */
  public String checkpoint() {
    String which = text(Flag.CHECKPOINT).orElse(Checkpoints.BEST);
    boolean step = which.matches("[0-9]{1,18}");
    if (!step && !which.equals(Checkpoints.BEST) && !which.equals(Checkpoints.LATEST)) {
      throw wrong(Flag.CHECKPOINT, "must be best, latest or a step");
    }
    return which;
  }

  private static Optional<Long> parsed(String value) {
    try {
      return Optional.of(Long.parseLong(value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A fault of an option's value. */
  public UsageException wrong(String option, String rule) {
    return fault("--%s %s, but is '%s'".formatted(option, rule, text(option).orElse("")));
  }

  /** A fault of this command line. */
  public UsageException fault(String message) {
    return new UsageException(command, message);
  }

  private Path path(String word) {
    try {
      return Path.of(word);
    } catch (InvalidPathException e) {
      throw fault("'%s' cannot be a path: %s".formatted(word, e.getReason()));
    }
  }
}
