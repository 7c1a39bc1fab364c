package org.vnca.eval.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnca.base.file.Reason;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;

/**
 * What an evaluation measured, as its file says.
 *
 * @param quantity which bound on log p(x), such as {@code iwae}
 * @param nats per image
 * @param standardError of {@code nats}
 * @param n importance samples
 * @param images how many
 * @param split of which
 * @param bitsPerDim of {@code nats}
 * @param step of the checkpoint
 */
record MeasuredBound(
    String quantity,
    double nats,
    double standardError,
    long n,
    long images,
    String split,
    double bitsPerDim,
    long step) {

  /**
   * The newest evaluation of a checkpoint; of another one, if that has none.
   *
   * @throws RunException if a file cannot be read
   */
  static Optional<MeasuredBound> of(RunDirectory run, long step) {
    Path directory = run.evaluation();
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> newestFirst =
          files
              .filter(file -> file.getFileName().toString().endsWith(".json"))
              .sorted(Comparator.comparing(MeasuredBound::changed).reversed())
              .toList();
      List<MeasuredBound> found =
          newestFirst.stream().map(MeasuredBound::read).flatMap(Optional::stream).toList();
      return found.stream()
          .filter(bound -> bound.step() == step)
          .findFirst()
          .or(() -> found.stream().findFirst());
    } catch (IOException e) {
      throw new RunException(directory + " cannot be read: " + Reason.of(e), e);
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new RunException(file + " cannot be read: " + Reason.of(e), e);
    }
  }

  /** Empty for what is no bound, such as a probe's accuracy. */
  private static Optional<MeasuredBound> read(Path file) {
    try {
      JsonNode result = new ObjectMapper().readTree(file.toFile());
      if (!result.path("nats").isNumber()) {
        return Optional.empty();
      }
      return Optional.of(
          new MeasuredBound(
              result.path("bound").asText("iwae"),
              result.path("nats").asDouble(),
              result.path("natsStandardError").asDouble(Double.NaN),
              result.path("samples").asLong(),
              result.path("images").asLong(),
              result.path("split").asText(),
              result.path("bitsPerDim").asDouble(Double.NaN),
              result.path("step").asLong()));
    } catch (IOException e) {
      throw new RunException(
          "%s cannot be read: %s; delete it, and evaluate again".formatted(file, Reason.of(e)), e);
    }
  }
}
