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
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunSummary;

/**
 * What a report shows of a run.
 *
 * @param summary state and figures
 * @param colour of its curves, as CSS writes it
 * @param metrics lines of the metrics
 * @param results of evaluations, by the file's name
 * @param figures PNGs as {@code data:} addresses, by the file's path under the figures
 * @param pages web pages among the figures, such as the playground
 * @param descriptor as resolved, YAML
 * @param manifest where it comes from
 */
record ReportedRun(
    RunSummary summary,
    String colour,
    List<Map<String, Object>> metrics,
    Map<String, JsonNode> results,
    Map<String, String> figures,
    List<Path> pages,
    String descriptor,
    Manifest manifest) {
  private static final int FIGURE_DEPTH = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads it all.
   *
   * @throws RunException if something cannot be read
   */
  static ReportedRun read(RunDirectory run, RunSummary summary, String colour) {
    try {
      return new ReportedRun(
          summary,
          colour,
          MetricsLog.read(run.metrics()),
          results(run.evaluation()),
          figures(run.figures()),
          files(run.figures(), ".html"),
          Files.readString(run.experimentFile()),
          run.manifest());
    } catch (IOException e) {
      throw new RunException(run + " cannot be read: " + Reason.of(e), e);
    }
  }

  private static Map<String, JsonNode> results(Path directory) throws IOException {
    Map<String, JsonNode> results = new LinkedHashMap<>();
    for (Path file : files(directory, ".json")) {
      results.put(directory.relativize(file).toString(), JSON.readTree(file.toFile()));
    }
    return results;
  }

  private static Map<String, String> figures(Path directory) throws IOException {
    Map<String, String> figures = new LinkedHashMap<>();
    for (Path file : files(directory, ".png")) {
      String data = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
      figures.put(directory.relativize(file).toString(), "data:image/png;base64," + data);
    }
    return figures;
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
