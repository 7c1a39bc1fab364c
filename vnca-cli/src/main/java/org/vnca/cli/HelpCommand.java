package org.vnca.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vnca.base.fault.Hint;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Json;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;

/** Explains the program or one of its commands. */
final class HelpCommand implements Command {
  private static final int WIDTH = 80;
  private static final String TITLE =
      "Variational Neural Cellular Automata: train, resume, measure, draw and compare.";

  private final Commands commands;

  HelpCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Usage usage() {
    return new Usage(
        "help",
        List.of("[COMMAND]..."),
        "explain the program or a command",
        List.of(),
        List.of(),
        List.of("help", "help train", "help data import", "help data import mnist"));
  }

  @Override
  public boolean usesTensorFlow() {
    return false;
  }

  @Override
  public int run(Words words, Console console) {
    List<String> topic = words.operands();
    if (topic.isEmpty()) {
      console.answer(overviewFields(commands.listed()), overview());
      return DONE;
    }
    if (topic.size() == 1 && commands.isGroup(topic.get(0))) {
      List<Command> members = commands.ofGroup(topic.get(0));
      String texts =
          members.stream().map(member -> text(member.usage())).collect(Collectors.joining("\n\n"));
      console.answer(overviewFields(members), texts);
      return DONE;
    }
    return explain(commands.named(String.join(" ", topic)).usage(), console);
  }

  /** Prints a command's help. */
  int explain(Usage usage, Console console) {
    console.answer(Json.plain(usage), text(usage));
    return DONE;
  }

  private static Map<String, Object> overviewFields(List<Command> listed) {
    return Map.of("commands", listed.stream().map(command -> Json.plain(command.usage())).toList());
  }

  private String overview() {
    Map<String, String> summaries = new LinkedHashMap<>();
    for (Command command : commands.listed()) {
      Usage usage = command.usage();
      summaries.put(usage.name() + " " + String.join(" ", usage.operands()), usage.summary());
    }
    return String.join(
        "\n\n",
        TITLE,
        "Usage: " + Hint.program() + " COMMAND ... [OPTIONS]",
        "Commands:\n" + Text.definitions(summaries, WIDTH),
        "Options of every command:\n" + flags(Flag.COMMON),
        "Instead of a command:\n"
            + Text.definitions(Map.of("--" + Flag.VERSION, "print the versions"), WIDTH),
        Text.wrap(
            "Exit status: 0 done, 1 it failed, 2 wrong command line; 130 stopped by Ctrl-C, 143 by"
                + " SIGTERM, 129 by SIGHUP. A training saves a checkpoint first, other work ends"
                + " within seconds; Ctrl-C again ends a training without, but never amid a save.",
            WIDTH,
            0),
        "Start with: " + Hint.program() + " train experiments/quickstart.yaml");
  }

  private static String text(Usage usage) {
    StringBuilder text = new StringBuilder();
    String synopsis = Text.wrap("Usage: " + usage.synopsis(), WIDTH, 0);
    text.append(synopsis.replace(Usage.UNBROKEN, ' ')).append("\n\n");
    text.append(Text.wrap(sentence(usage.summary()), WIDTH, 0)).append('\n');
    usage.about().forEach(part -> text.append('\n').append(Text.wrap(part, WIDTH, 0)).append('\n'));
    text.append("\nOptions:\n").append(flags(usage.allFlags())).append("\n\nExamples:\n");
    usage
        .examples()
        .forEach(example -> text.append("  " + Hint.program() + " ").append(example).append('\n'));
    return text.toString().stripTrailing();
  }

  private static String sentence(String summary) {
    return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
  }

  private static String flags(List<Flag> flags) {
    Map<String, String> meanings = new LinkedHashMap<>();
    flags.forEach(flag -> meanings.put(flag.written(), flag.what()));
    return Text.definitions(meanings, WIDTH);
  }
}
