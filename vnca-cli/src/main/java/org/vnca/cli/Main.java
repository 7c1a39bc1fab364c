package org.vnca.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.vnca.base.fault.Line;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.UsageException;
import org.vnca.cli.frame.Words;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the virtual machine with its status. */
  public static void main(String[] args) {
    // Digits, names and what TensorFlow calls its nodes are the same wherever this runs.
    Locale.setDefault(Locale.ROOT);
    PrintStream out = utf8(FileDescriptor.out);
    System.setErr(utf8(FileDescriptor.err));
    // A library that prints must not disturb the answer.
    System.setOut(System.err);
    Libraries.settle();
    Interruption interruption = new Interruption();
    interruption.listen(System.err);
    int status = run(List.of(args), out, System.err, interruption);
    System.err.flush();
    interruption.done();
    System.exit(interruption.status().orElse(status));
  }

  /** What is written is UTF-8, whatever the locale says that it can show. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /**
   * Runs one command.
   *
   * @return its exit status, as {@link Command} lists them
   */
  static int run(List<String> args, PrintStream out, PrintStream err, Interruption interruption) {
    try {
      int status = dispatch(args, out, err, interruption);
      if (out.checkError()) {
        err.println("vnca: standard output cannot be written");
        return Command.FAILED;
      }
      return status;
    } catch (UsageException e) {
      err.println("vnca: " + Line.of(e.getMessage()));
      err.println("for help: " + e.help());
      return Command.MISUSED;
    } catch (RuntimeException | Error e) {
      err.println("vnca: " + Failures.line(e));
      if (args.contains("--" + Flag.DEBUG)) {
        e.printStackTrace(err);
      }
      return interruption.stop().requested() ? Command.STOPPED : Command.FAILED;
    }
  }

  private static int dispatch(
      List<String> args, PrintStream out, PrintStream err, Interruption interruption) {
    Surroundings.requireNames(args);
    Commands commands = new Commands();
    Arguments.Call call = Arguments.parse(args, commands);
    Words words = call.words();
    Console console =
        new Console(out, err, words.has(Flag.JSON), words.has(Flag.QUIET), interruption.stop());
    if (words.has(Flag.HELP) && call.command() != commands.help()) {
      return commands.help().explain(call.command().usage(), console);
    }
    call.command().usage().check(words);
    if (call.command().endsGently()) {
      interruption.hold();
    }
    if (call.command().usesTensorFlow()) {
      Libraries.requirePlace();
    }
    return call.command().run(words, console);
  }
}
