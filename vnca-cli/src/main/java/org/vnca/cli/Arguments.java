package org.vnca.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.UsageException;
import org.vnca.cli.frame.Words;
import org.vnca.train.experiment.Nearest;

/**
 * Parses a command line: finds the command among the words, then its options and operands. Options
 * may stand anywhere, before the command's name too.
 */
final class Arguments {
  private final Commands commands;
  private final List<String> all;
  private final List<String> rest;

  private Arguments(Commands commands, List<String> all) {
    this.commands = commands;
    this.all = all;
    this.rest = new ArrayList<>(all);
  }

  /**
   * A command and the words for it.
   *
   * @param command what to run
   * @param words what stands behind its name
   */
  record Call(Command command, Words words) {}

  /**
   * Parses. Operands and required options are not checked yet, since help may be wanted.
   *
   * @throws UsageException if there is no such command, or an option is unknown, lacks its value or
   *     stands there twice
   */
  static Call parse(List<String> all, Commands commands) {
    return new Arguments(commands, all).parse();
  }

  private Call parse() {
    Optional<String> first = takeOperand();
    if (first.isEmpty()) {
      return withoutCommand();
    }
    if (!commands.isGroup(first.get())) {
      return chosen(commands.named(first.get()));
    }
    Optional<String> second = takeOperand();
    if (second.isPresent()) {
      return chosen(commands.named(first.get() + " " + second.get()));
    }
    if (rest.contains("--" + Flag.HELP) || rest.contains("-h")) {
      rest.add(0, first.get());
      return call(commands.help());
    }
    throw new UsageException(first.get(), commands.missing(first.get()));
  }

  /** A command, or its member that the next word names. */
  private Call chosen(Command command) {
    if (command.members().isEmpty()) {
      return call(command);
    }
    Optional<String> word = takeOperand();
    if (word.isEmpty() && !rest.contains("--" + Flag.HELP) && !rest.contains("-h")) {
      Usage usage = command.usage();
      throw new UsageException(usage.name(), usage.name() + " needs " + usage.operands().get(0));
    }
    return call(word.map(name -> commands.member(command, name)).orElse(command));
  }

  private Call withoutCommand() {
    if (rest.contains("--" + Flag.VERSION)) {
      return call(commands.version());
    }
    Call help = call(commands.help());
    // Who types the program's name alone wants to know what it can do.
    if (!help.words().has(Flag.HELP) && !all.isEmpty()) {
      throw new UsageException("", "there is no command; name one, such as train");
    }
    return help;
  }

  /** Removes the first word that is neither an option nor an option's value. */
  private Optional<String> takeOperand() {
    for (int place = 0; place < rest.size(); place++) {
      String word = rest.get(place);
      if (!word.startsWith("-")) {
        return Optional.of(rest.remove(place));
      }
      if (commands.takesValue(word)) {
        place++;
      }
    }
    return Optional.empty();
  }

  private Call call(Command command) {
    String name = command.usage().name();
    String topic = command == commands.help() ? "" : name;
    Options options = new Options();
    command.usage().allFlags().stream().map(Flag::toOption).forEach(options::addOption);
    try {
      CommandLine line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .setStripLeadingAndTrailingQuotes(false)
              .get()
              .parse(options, rest.toArray(String[]::new));
      requireOnce(command.usage(), line);
      return new Call(command, new Words(name, all, line));
    } catch (MissingArgumentException e) {
      throw new UsageException(topic, "--" + e.getOption().getLongOpt() + " needs a value");
    } catch (UnrecognizedOptionException e) {
      throw new UsageException(topic, unknown(e.getOption(), command));
    } catch (ParseException e) {
      throw new UsageException(topic, e.getMessage());
    }
  }

  private static void requireOnce(Usage usage, CommandLine line) {
    for (Flag flag : usage.flags()) {
      String[] values = line.getOptionValues(flag.name());
      if (values != null && values.length > 1 && flag.times() != Flag.Times.REPEATABLE) {
        throw new UsageException(
            usage.name(), "--" + flag.name() + " stands there twice; give it once");
      }
    }
  }

  private String unknown(String option, Command command) {
    String word = option.replaceFirst("^-+", "").replaceFirst("=.*", "");
    Optional<Flag> meant =
        command.usage().allFlags().stream().filter(flag -> flag.name().equals(word)).findFirst();
    if (meant.isPresent()) {
      return meant.get().argument().isPresent()
          ? "%s must be written --%s".formatted(option, word)
          : "--%s takes no value".formatted(word);
    }
    Optional<String> elsewhere = commands.memberWith(word, command);
    if (elsewhere.isPresent()) {
      return "--%s is an option of %s, not of %s"
          .formatted(word, elsewhere.get(), command.usage().name());
    }
    String of = command == commands.help() ? "option" : command.usage().name() + " option";
    List<String> known =
        new ArrayList<>(command.usage().allFlags().stream().map(Flag::name).toList());
    if (command == commands.help()) {
      known.add(Flag.VERSION);
    }
    return "unknown %s '%s'".formatted(of, option)
        + Nearest.to(word, known).map(name -> "; did you mean --" + name + "?").orElse("");
  }
}
