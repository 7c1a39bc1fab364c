package org.vnca.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
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

  private static final TypeReference<Map<String, Object>> LINE = new TypeReference<>() {};

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
    for (Entry entry : entries(file, step)) {
      if (entry.step() <= step) {
        kept.add(entry.line());
      }
    }
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
    return entries(file, Long.MAX_VALUE).stream().map(Entry::values).toList();
  }

  /** A line and what it says. */
  private record Entry(String line, long step, Map<String, Object> values) {}

  /**
   * The lines of a log. What comes behind the last line up to a step is passed over if it cannot be
   * read: a killed process leaves part of a line, a machine without power worse. What cannot be
   * read before it is a loss, and told.
   *
   * @throws RunException if a line is damaged or out of order
   */
  private static List<Entry> entries(Path file, long upTo) {
    List<Entry> entries = new ArrayList<>();
    String fault = "";
    String[] lines = text(file).split("\n", -1);
    long last = -1;
    for (int i = 0; i < lines.length; i++) {
      // The last part has no end: it is empty, or was not finished.
      boolean finished = i < lines.length - 1;
      Optional<Entry> entry = finished ? parse(lines[i]) : Optional.empty();
      boolean inOrder = entry.isPresent() && entry.get().step() >= last;
      if (inOrder && (fault.isEmpty() || entry.get().step() <= upTo)) {
        if (!fault.isEmpty()) {
          throw new RunException(fault);
        }
        entries.add(entry.get());
        last = entry.get().step();
      } else if (finished && fault.isEmpty()) {
        fault =
            "%s:%d: %s; delete the line, whose figures are lost, or put back a copy of the file"
                .formatted(
                    file,
                    i + 1,
                    entry.isPresent()
                        ? "step %d follows step %d".formatted(entry.get().step(), last)
                        : "the line is damaged");
      }
    }
    if (!fault.isEmpty() && upTo == Long.MAX_VALUE) {
      throw new RunException(fault);
    }
    return entries;
  }

  /** Bytes that are no UTF-8 are replaced, and no line of JSON then. */
  private static String text(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new RunException(file + " cannot be read: " + Reason.of(e), e);
    }
  }

  /** A line's object, which has a step; nothing for one that is damaged. */
  private static Optional<Entry> parse(String line) {
    try {
      Map<String, Object> values = Durable.JSON.readValue(line, LINE);
      boolean whole =
          values != null
              && (values.get(STEP) instanceof Integer || values.get(STEP) instanceof Long);
      return whole && !line.contains("\uFFFD")
          ? Optional.of(new Entry(line, ((Number) values.get(STEP)).longValue(), values))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
