package org.vnca.train.run;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a table of runs says about one.
 *
 * @param name the directory's name
 * @param path the directory
 * @param state where it stands
 * @param step training steps done: the newer of its last report and its latest checkpoint; 0
 *     without either
 * @param lossNats training loss per image of the last report, nats; lower is better
 * @param best the best bound on the validation split
 * @param evaluation the evaluation of the latest checkpoint, or of several that of most images
 * @param settings every setting by its dotted key
 */
public record RunSummary(
    String name,
    Path path,
    RunState state,
    long step,
    Optional<Double> lossNats,
    Optional<Bound> best,
    Optional<Evaluation> evaluation,
    Map<String, Object> settings) {

  /**
   * A bound on the validation split.
   *
   * @param nats mean per image; higher is better
   * @param step when
   */
  public record Bound(double nats, long step) {}

  /**
   * What a file in {@code evaluation/} says.
   *
   * @param step of the checkpoint that was evaluated
   * @param split name of the split
   * @param images how many
   * @param samples importance samples per image
   * @param nats mean bound per image; higher is better
   */
  public record Evaluation(long step, String split, long images, long samples, double nats) {}

  /** The columns that are no settings. */
  public static final List<String> COLUMNS =
      List.of("name", "state", "step", "loss", "best", "nats", "age");

  /**
   * The value of a column: {@code name}, {@code state}, {@code step}, {@code loss}, {@code best},
   * {@code nats} (of the evaluation), {@code age} (days since it began, ended or went on) or a
   * setting's dotted key; nothing where there is none.
   */
  public Optional<Object> value(String column) {
    return switch (column) {
      case "name" -> Optional.of(name);
      case "state" -> Optional.of(state.phase().name().toLowerCase(Locale.ROOT));
      case "step" -> Optional.of(step);
      case "loss" -> lossNats.map(nats -> nats);
      case "best" -> best.map(Bound::nats);
      case "nats" -> evaluation.map(Evaluation::nats);
      case "age" -> Optional.of(age());
      default -> Optional.ofNullable(settings.get(column));
    };
  }

  private double age() {
    try {
      return Duration.between(Instant.parse(state.since()), Instant.now()).toSeconds() / 86400.0;
    } catch (DateTimeParseException e) {
      throw new RunException(
          "%s: the time of its state, '%s', is none; delete state.json, which only says how the run ended"
              .formatted(path, state.since()),
          e);
    }
  }
}
