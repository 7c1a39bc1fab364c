package org.vnca.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.cli.data.DataImportCommand;
import org.vnca.cli.data.DataInfoCommand;
import org.vnca.cli.eval.DamageCommand;
import org.vnca.cli.eval.EvaluateCommand;
import org.vnca.cli.eval.FigureCommand;
import org.vnca.cli.eval.PlaygroundCommand;
import org.vnca.cli.eval.ProbeCommand;
import org.vnca.cli.eval.ReportCommand;
import org.vnca.cli.eval.SampleCommand;
import org.vnca.cli.exchange.ExportCommand;
import org.vnca.cli.exchange.WeightsExportCommand;
import org.vnca.cli.exchange.WeightsImportCommand;
import org.vnca.cli.exchange.WeightsKeepCommand;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.UsageException;
import org.vnca.cli.train.BenchCommand;
import org.vnca.cli.train.ResumeCommand;
import org.vnca.cli.train.RunsCommand;
import org.vnca.cli.train.SweepCommand;
import org.vnca.cli.train.TrainCommand;
import org.vnca.cli.train.WorkerCommand;
import org.vnca.train.experiment.Nearest;

/** The commands there are. */
final class Commands {
  private final List<Command> listed;
  private final HelpCommand help;
  private final VersionCommand version;

  Commands() {
    this.help = new HelpCommand(this);
    this.version = new VersionCommand();
    this.listed =
        List.of(
            new TrainCommand(),
            new ResumeCommand(),
            new SweepCommand(),
            new EvaluateCommand(),
            new ProbeCommand(),
            new SampleCommand(),
            new FigureCommand(),
            new DamageCommand(),
            new PlaygroundCommand(),
            new ExportCommand(),
            new RunsCommand(),
            new ReportCommand(),
            new BenchCommand(),
            new WorkerCommand(),
            new DataImportCommand(),
            new DataInfoCommand(),
            new WeightsImportCommand(),
            new WeightsExportCommand(),
            new WeightsKeepCommand(),
            help);
  }

  /** In the order of the help; without {@link #version}, which is called by an option. */
  List<Command> listed() {
    return listed;
  }

  /** Those listed, and behind each its members. */
  List<Command> all() {
    return listed.stream()
        .flatMap(command -> Stream.concat(Stream.of(command), command.members().stream()))
        .toList();
  }

  HelpCommand help() {
    return help;
  }

  VersionCommand version() {
    return version;
  }

  /** Whether the word is the first of several commands' names, such as {@code data}. */
  boolean isGroup(String word) {
    return !ofGroup(word).isEmpty();
  }

  /** The commands whose names begin with a word and have another. */
  List<Command> ofGroup(String word) {
    return listed.stream()
        .filter(command -> command.usage().name().startsWith(word + " "))
        .toList();
  }

  /** What is missing where only a group's name stands. */
  String missing(String group) {
    return "%s needs one of: %s"
        .formatted(
            group,
            ofGroup(group).stream()
                .map(command -> command.usage().name().substring(group.length() + 1))
                .collect(Collectors.joining(", ")));
  }

  /**
   * A command by its name.
   *
   * @throws UsageException if there is none
   */
  Command named(String name) {
    return Stream.concat(listed.stream(), Stream.of(version))
        .filter(command -> command.usage().name().equals(name))
        .findFirst()
        .or(() -> memberNamed(name))
        .orElseThrow(() -> unknown(name));
  }

  private Optional<Command> memberNamed(String name) {
    return listed.stream()
        .filter(command -> name.startsWith(command.usage().name() + " "))
        .flatMap(
            command ->
                command.members().isEmpty()
                    ? Stream.empty()
                    : Stream.of(
                        member(command, name.substring(command.usage().name().length() + 1))))
        .findFirst();
  }

  /**
   * The member of a command that a word chooses.
   *
   * @throws UsageException if there is none
   */
  Command member(Command command, String word) {
    String begin = command.usage().name() + " ";
    List<Command> members = command.members();
    List<String> known =
        members.stream().map(one -> one.usage().name().substring(begin.length())).toList();
    int place = known.indexOf(word);
    if (place < 0) {
      throw new UsageException(
          begin.strip(),
          "unknown format '%s'; %s"
              .formatted(
                  word,
                  Nearest.to(word, known)
                      .map(near -> "did you mean " + near + "?")
                      .orElse("the formats are " + String.join(", ", known))));
    }
    return members.get(place);
  }

  /** Where an option is known that a member of a command lacks, if another member has it. */
  Optional<String> memberWith(String flag, Command lacking) {
    return listed.stream()
        .map(Command::members)
        .filter(
            members ->
                members.stream().anyMatch(m -> m.usage().name().equals(lacking.usage().name())))
        .flatMap(List::stream)
        .filter(member -> member.usage().flags().stream().anyMatch(f -> f.name().equals(flag)))
        .map(member -> member.usage().name())
        .findFirst();
  }

  private UsageException unknown(String name) {
    List<String> names = listed.stream().map(command -> command.usage().name()).toList();
    String instead =
        Nearest.to(name, names)
            .map(near -> "; did you mean " + near + "?")
            .orElse("; the commands are " + String.join(", ", names));
    return new UsageException("", "unknown command '" + name + "'" + instead);
  }

  /** Whether the word is an option whose value is the next word. */
  boolean takesValue(String word) {
    return all().stream()
        .flatMap(command -> command.usage().flags().stream())
        .anyMatch(flag -> flag.argument().isPresent() && word.equals("--" + flag.name()));
  }
}
