package org.vnca.train.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;

/**
 * {@code metrics.jsonl}: a JSON object a line, one for each report, with its {@code step}. Values
 * that are not finite are the strings {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
 *
 * <p>A run that goes on from a checkpoint writes every later step once more, so the lines after the
 * checkpoint's step are dropped then. For none to be lost, the lines of a step are appended before
 * its checkpoint is saved.
 */
public final class MetricsLog implements AutoCloseable {
  /** Training steps done when the line was written. */
  public static final String STEP = "step";

  /** Mean training loss per image since the line before, nats; lower is better. */
  public static final String LOSS_NATS = "lossNats";

  /** Mean bound per image on the validation split, nats; higher is better. */
  public static final String VALIDATION_NATS = "validationNats";

  private final Path file;
  private final Writer writer;
  private long last;

  private MetricsLog(Path file, Writer writer, long last) {
    this.file = file;
    this.writer = writer;
    this.last = last;
  }

  /**
   * Opens the log for a run that goes on after {@code step}: later lines, and one that a killed
   * process left unfinished, are dropped.
   *
   * @param step that of the checkpoint; -1 for a run that starts from nothing
   */
  static MetricsLog open(Path file, long step) throws IOException {
    List<String> kept = new ArrayList<>();
    entries(
        file,
        step,
        Set.of(STEP),
        entry -> {
          if (entry.step() <= step) {
            kept.add(entry.text());
          }
        });
    WholeFile.write(file, kept.isEmpty() ? "" : String.join("\n", kept) + "\n");
    Writer writer =
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    return new MetricsLog(file, writer, step);
  }

  /**
   * Appends a line; it is with the operating system when this returns.
   *
   * @param step not below that of the line before, or of the checkpoint that the run went on from
   * @param values the rest of the line: numbers, strings, lists, maps
   * @throws RunException if the file cannot be written
   */
  public void append(long step, Map<String, ?> values) {
    if (step < last) {
      throw new IllegalArgumentException(
          "steps must not fall, but " + step + " follows " + last + " in " + file);
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(STEP, step);
    line.putAll(values);
    try {
      writer.write(Durable.JSON.writeValueAsString(line) + "\n");
      writer.flush();
    } catch (IOException e) {
      throw new RunException(file + " cannot be written: " + Reason.of(e), e);
    }
    last = step;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new RunException(file + " cannot be written: " + Reason.of(e), e);
    }
  }

  /**
   * All lines of a log, also while it grows; nothing for a file that is not there.
   *
   * @throws RunException if the file cannot be read
   */
  public static List<Map<String, Object>> read(Path file) {
    List<Map<String, Object>> lines = new ArrayList<>();
    scan(file, Set.of(), (step, values) -> lines.add(values));
    return lines;
  }

  /** Is told each line of a log. */
  @FunctionalInterface
  public interface Reader {
    /**
     * A line.
     *
     * @param step training steps done
     * @param values by key, the step among them
     */
    void line(long step, Map<String, Object> values);
  }

  /**
   * Goes through a log, one line in memory at a time, also while it grows; nothing for a file that
   * is not there.
   *
   * @param keys what is wanted of each line beside its step; empty for all
   * @throws RunException if the file cannot be read
   */
  public static void scan(Path file, Set<String> keys, Reader reader) {
    entries(file, Long.MAX_VALUE, keys, entry -> reader.line(entry.step(), entry.values()));
  }

  /** A line and what it says. */
  @SuppressWarnings("ArrayRecordComponent") // read before the next line, never compared
  private record Entry(byte[] line, int length, long step, Map<String, Object> values) {
    String text() {
      return new String(line, 0, length, StandardCharsets.UTF_8);
    }
  }

  /**
   * Goes through the lines of a log. What comes behind the last line up to a step is passed over if
   * it cannot be read: a killed process leaves part of a line, a machine without power worse. What
   * cannot be read before it is a loss, and told.
   *
   * @throws RunException if a line is damaged or out of order
   */
  private static void entries(Path file, long upTo, Set<String> keys, Consumer<Entry> each) {
    String fault = "";
    long last = -1;
    if (!Files.exists(file)) {
      return;
    }
    try (LineBytes lines = new LineBytes(Files.newInputStream(file))) {
      // What has no end at the file's end was not finished, and is no line.
      for (int number = 1; lines.next(); number++) {
        Optional<Entry> entry = parse(lines.bytes(), lines.length(), keys);
        boolean inOrder = entry.isPresent() && entry.get().step() >= last;
        if (inOrder && (fault.isEmpty() || entry.get().step() <= upTo)) {
          if (!fault.isEmpty()) {
            throw new RunException(fault);
          }
          each.accept(entry.get());
          last = entry.get().step();
        } else if (fault.isEmpty()) {
          fault =
              "%s:%d: %s; delete the line, whose numbers are lost, or put back a copy of the file"
                  .formatted(
                      file,
                      number,
                      entry.isPresent()
                          ? "step %d follows step %d".formatted(entry.get().step(), last)
                          : "the line is damaged");
        }
      }
    } catch (IOException e) {
      throw new RunException(file + " cannot be read: " + Reason.of(e), e);
    }
    if (!fault.isEmpty() && upTo == Long.MAX_VALUE) {
      throw new RunException(fault);
    }
  }

  /** What a line says, which has a step; nothing for one that is damaged. */
  private static Optional<Entry> parse(byte[] line, int length, Set<String> keys) {
    Map<String, Object> values = new LinkedHashMap<>();
    try (JsonParser parser = Durable.JSON.createParser(line, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        if (keys.isEmpty() || key.equals(STEP) || keys.contains(key)) {
          values.put(key, value(parser));
        } else {
          parser.skipChildren();
        }
      }
      boolean whole =
          parser.currentToken() == JsonToken.END_OBJECT
              && parser.nextToken() == null
              && (values.get(STEP) instanceof Integer || values.get(STEP) instanceof Long);
      return whole
          ? Optional.of(new Entry(line, length, ((Number) values.get(STEP)).longValue(), values))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The value at which a parser stands. */
  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case START_ARRAY -> list(parser);
      case START_OBJECT -> map(parser);
      default -> null;
    };
  }

  private static List<Object> list(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  private static Map<String, Object> map(JsonParser parser) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      map.put(key, value(parser));
    }
    return map;
  }
}
