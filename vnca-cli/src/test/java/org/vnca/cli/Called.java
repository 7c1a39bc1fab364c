package org.vnca.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.vnca.cli.frame.Command;

/**
 * What a command line did.
 *
 * @param status its exit status
 * @param out standard output
 * @param err standard error
 */
public record Called(int status, String out, String err) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Calls in this process. */
  public static Called with(String... words) {
    return with(new Interruption(), words);
  }

  /** Calls with a signal that may have come already. */
  static Called with(Interruption interruption, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            List.of(words),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            interruption);
    return new Called(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Does something that is no command, and prints its answer or its fault as {@link Main} does. */
  public static Called doing(Supplier<String> work) {
    try {
      return new Called(Command.DONE, work.get() + "\n", "");
    } catch (RuntimeException | Error e) {
      return new Called(Command.FAILED, "", "vnca: " + Failures.line(e) + "\n");
    }
  }

  /** Standard output, which must be one JSON object and nothing else. */
  public JsonNode json() {
    try (MappingIterator<JsonNode> values = MAPPER.readerFor(JsonNode.class).readValues(out)) {
      List<JsonNode> all = values.readAll();
      if (all.size() != 1 || !all.get(0).isObject()) {
        throw new AssertionError("must be one JSON object, but is " + out + "; errors: " + err);
      }
      return all.get(0);
    } catch (IOException e) {
      throw new AssertionError("must be JSON, but is " + out + "; errors: " + err, e);
    }
  }
}
