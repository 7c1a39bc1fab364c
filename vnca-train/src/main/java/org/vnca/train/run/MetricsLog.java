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
import java.util.stream.Stream;
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
    if (Files.exists(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        lines.filter(line -> stepOf(line).filter(at -> at <= step).isPresent()).forEach(kept::add);
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
      throw new RunException(file + " cannot be written: " + e.getMessage(), e);
    }
    last = step;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new RunException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * All lines of a log, also while it grows; nothing for a file that is not there.
   *
   * @throws RunException if the file cannot be read
   */
  public static List<Map<String, Object>> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.flatMap(line -> parse(line).stream()).toList();
    } catch (IOException e) {
      throw new RunException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A line's object; nothing for one that was not finished. */
  private static Optional<Map<String, Object>> parse(String line) {
    try {
      return Optional.ofNullable(Durable.JSON.readValue(line, LINE));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> stepOf(String line) {
    return parse(line)
        .map(values -> values.get(STEP))
        .map(step -> step instanceof Number number ? number.longValue() : null);
  }
}
