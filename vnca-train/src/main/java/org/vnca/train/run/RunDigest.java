package org.vnca.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.WholeFile;
import org.vnca.base.hash.Checksum;
import org.vnca.train.experiment.ExperimentException;
import org.vnca.train.experiment.Settings;

/**
 * What a list of runs says about one, noted beside it, so that a list of hundreds need not go
 * through all descriptors and metrics. A note is believed only for the very bytes that it was made
 * of, by their {@link Checksum}: times and lengths of files say too little. The file only saves
 * time, and may be deleted; one that is damaged counts as none.
 *
 * <p>Two lines: the checksum of the second one, and JSON.
 */
final class RunDigest {
  static final String FILE = "digest";

  private static final String KEYS = "keys";
  private static final String DESCRIPTOR = "descriptor";
  private static final String SETTINGS = "settings";
  private static final String LONGS = "longs";
  private static final String METRICS = "metrics";
  private static final String BYTES = "bytes";
  private static final String CHECKSUM = "checksum";
  private static final String STEP = "step";
  private static final String LOSS = "lossNats";
  private static final String BEST = "bestNats";
  private static final String BEST_STEP = "bestStep";

  private final JsonNode notes;

  private RunDigest(JsonNode notes) {
    this.notes = notes;
  }

  /** What is noted of a run; nothing if there is no such file, or it is damaged. */
  static RunDigest of(RunDirectory run) {
    try {
      byte[] all = Files.readAllBytes(run.path().resolve(FILE));
      int end = 0;
      while (end < all.length && all[end] != '\n') {
        end++;
      }
      int from = Math.min(end + 1, all.length);
      boolean whole =
          new String(all, 0, end, StandardCharsets.US_ASCII)
              .equals(Checksum.of(all, from, all.length - from));
      return new RunDigest(
          whole
              ? Durable.JSON.readTree(all, from, all.length - from)
              : Durable.JSON.createObjectNode());
    } catch (IOException e) {
      // Then all is read from the files themselves, which tell what is wrong with them.
      return new RunDigest(Durable.JSON.createObjectNode());
    }
  }

  /**
   * The settings, as {@link Settings#flatten} has them.
   *
   * @param descriptor the descriptor's bytes as they are now
   * @return nothing if they are not noted, or were by a program with other keys or defaults
   */
  Optional<Map<String, Object>> settings(byte[] descriptor) {
    if (!notes.path(DESCRIPTOR).asText().equals(Checksum.of(descriptor))
        || !notes.path(KEYS).asText().equals(Settings.fingerprint())) {
      return Optional.empty();
    }
    return Optional.of(settings(notes.path(SETTINGS), notes.path(LONGS)));
  }

  private static Map<String, Object> settings(JsonNode flat, JsonNode longs) {
    Map<String, Object> settings = new LinkedHashMap<>();
    flat.fields().forEachRemaining(entry -> settings.put(entry.getKey(), value(entry.getValue())));
    longs.forEach(key -> settings.computeIfPresent(key.asText(), (name, n) -> whole(n)));
    return settings;
  }

  private static Object value(JsonNode node) {
    if (node.isArray()) {
      List<String> texts = new ArrayList<>();
      node.forEach(text -> texts.add(text.asText()));
      return texts;
    }
    return node.isNumber()
        ? node.numberValue()
        : node.isBoolean() ? node.asBoolean() : node.asText();
  }

  private static long whole(Object number) {
    return ((Number) number).longValue();
  }

  /**
   * What the metrics reached.
   *
   * @param file the metrics as they are now
   * @return nothing if it is not noted for these
   */
  Optional<Reached> reached(Path file) {
    JsonNode noted = notes.path(METRICS);
    try {
      boolean same =
          noted.isObject()
              && Files.size(file) == noted.path(BYTES).asLong()
              && Checksum.of(file).equals(noted.path(CHECKSUM).asText());
      return same ? Optional.of(reached(noted)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Reached reached(JsonNode noted) {
    Optional<Double> loss =
        Durable.number(
                noted.path(LOSS).isTextual()
                    ? noted.path(LOSS).asText()
                    : noted.path(LOSS).numberValue())
            .map(Number::doubleValue);
    Optional<RunSummary.Bound> best =
        noted.has(BEST)
            ? Optional.of(
                new RunSummary.Bound(noted.path(BEST).asDouble(), noted.path(BEST_STEP).asLong()))
            : Optional.empty();
    return new Reached(noted.path(STEP).asLong(), loss, best);
  }

  /**
   * Notes what there is now.
   *
   * @throws IOException if it cannot be read or written
   */
  static void write(RunDirectory run) throws IOException {
    ObjectNode notes = Durable.JSON.createObjectNode();
    noteSettings(run, notes);
    if (Files.exists(run.metrics())) {
      noteMetrics(run.metrics(), notes);
    }
    String line = Durable.JSON.writeValueAsString(notes) + "\n";
    WholeFile.write(
        run.path().resolve(FILE), Checksum.of(line.getBytes(StandardCharsets.UTF_8)) + "\n" + line);
  }

  /** What a reader would not read back as it is, such as a value of a jar's own, is not noted. */
  private static void noteSettings(RunDirectory run, ObjectNode notes) throws IOException {
    byte[] descriptor = Files.readAllBytes(run.experimentFile());
    Map<String, Object> settings;
    try {
      settings = Settings.flatten(run.experiment());
    } catch (ExperimentException | RunException e) {
      return; // Changed by somebody meanwhile; whoever lists the run is told.
    }
    ObjectNode flat = Durable.JSON.createObjectNode();
    ArrayNode longs = Durable.JSON.createArrayNode();
    settings.forEach(
        (key, value) -> {
          flat.putPOJO(key, value);
          if (value instanceof Long) {
            longs.add(key);
          }
        });
    if (settings(again(flat), longs).equals(settings)) {
      notes.put(KEYS, Settings.fingerprint());
      notes.put(DESCRIPTOR, Checksum.of(descriptor));
      notes.set(SETTINGS, flat);
      notes.set(LONGS, longs);
    }
  }

  private static JsonNode again(JsonNode written) throws JsonProcessingException {
    return Durable.JSON.readTree(Durable.JSON.writeValueAsString(written));
  }

  /** Metrics that cannot be read are not noted, so that whoever lists the run is told why. */
  private static void noteMetrics(Path file, ObjectNode notes) throws IOException {
    Reached reached;
    String before = Checksum.of(file);
    try {
      reached = Reached.in(file);
    } catch (RunException e) {
      return;
    }
    ObjectNode metrics = notes.putObject(METRICS);
    metrics.put(BYTES, Files.size(file));
    metrics.put(CHECKSUM, before);
    metrics.put(STEP, reached.step());
    reached.lossNats().ifPresent(loss -> metrics.put(LOSS, loss));
    reached.best().ifPresent(best -> metrics.put(BEST, best.nats()).put(BEST_STEP, best.step()));
  }
}
