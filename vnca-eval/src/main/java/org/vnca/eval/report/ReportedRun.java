package org.vnca.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.vnca.train.picture.Ink;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunSummary;

/**
 * What a report shows of a run.
 *
 * @param summary state and numbers
 * @param ink of its curves
 * @param series of the metrics by key, of few points each
 * @param results of evaluations, by the file's name
 * @param figures PNG files by their path under the figures; read when they are written down
 * @param pages web pages among the figures, such as the playground
 * @param descriptor as resolved, YAML
 * @param manifest where it comes from
 */
record ReportedRun(
    RunSummary summary,
    Ink ink,
    Map<String, Curve.Series> series,
    Map<String, JsonNode> results,
    Map<String, Path> figures,
    List<Path> pages,
    String descriptor,
    Manifest manifest) {
  private static final int FIGURE_DEPTH = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads it all.
   *
   * @param most points of a series
   * @throws RunException if something cannot be read
   */
  static ReportedRun read(RunDirectory run, RunSummary summary, Ink ink, int most) {
    try {
      return new ReportedRun(
          summary,
          ink,
          series(run.metrics(), most),
          results(run.evaluation()),
          figures(run.figures()),
          files(run.figures(), ".html"),
          Files.readString(run.experimentFile()),
          run.manifest());
    } catch (IOException e) {
      throw new RunException(run + " cannot be read: " + Reason.of(e), e);
    }
  }

  /** Keys of the metrics that charts show. */
  static final List<String> KEYS =
      List.of(MetricsLog.LOSS_NATS, "reconstructionNats", "klNats", MetricsLog.VALIDATION_NATS);

  private static Map<String, Curve.Series> series(Path metrics, int most) {
    Map<String, Curve.Series> series = new LinkedHashMap<>();
    KEYS.forEach(key -> series.put(key, new Curve.Series(key)));
    MetricsLog.scan(
        metrics,
        Set.copyOf(KEYS),
        (step, values) -> series.values().forEach(one -> one.line(step, values)));
    series.values().forEach(one -> one.thinned(most));
    return series;
  }

  private static Map<String, JsonNode> results(Path directory) throws IOException {
    Map<String, JsonNode> results = new LinkedHashMap<>();
    for (Path file : files(directory, ".json")) {
      results.put(directory.relativize(file).toString(), JSON.readTree(file.toFile()));
    }
    return results;
  }

  private static Map<String, Path> figures(Path directory) throws IOException {
    Map<String, Path> figures = new LinkedHashMap<>();
    for (Path file : files(directory, ".png")) {
      figures.put(directory.relativize(file).toString(), file);
    }
    return figures;
  }

  /**
   * A figure as a {@code data:} address.
   *
   * @throws RunException if it cannot be read
   */
  static String data(Path figure) {
    try {
      return "data:image/png;base64,"
          + Base64.getEncoder().encodeToString(Files.readAllBytes(figure));
    } catch (IOException e) {
      throw new RunException(figure + " cannot be read: " + Reason.of(e), e);
    }
  }

  /** Those of an ending, sorted; hidden ones are not in their place yet. */
  private static List<Path> files(Path directory, String ending) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory, FIGURE_DEPTH)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }
}
