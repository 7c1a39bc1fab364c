package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How far an engine of the page is from the program, for every {@link PlaygroundCase}. */
final class Agreement {
  /** Draws whose uniform number is nearer to a threshold than rounding goes either way. */
  private static final double DRAWS = 0.01;

  private static Map<String, Object> truth;

  private Agreement() {}

  /** What the program computes, which is computed once. */
  static synchronized Map<String, Object> truth() {
    if (truth == null) {
      truth = Map.of("cases", PlaygroundCase.all().stream().map(Truth::of).toList());
    }
    return truth;
  }

  /** The same as a file. */
  static Path write(Path folder) throws IOException {
    return Files.writeString(folder.resolve("truth.json"), ModelText.json(truth()));
  }

  /**
   * Checks what {@code compare.js} found.
   *
   * @param limit of the states' distance, in parts of their standard deviation
   * @param engine for the table that is printed
   */
  static void check(JsonNode results, double limit, String engine) {
    List<String> table = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (JsonNode result : results) {
      double states = 0;
      for (JsonNode off : result.path("states")) {
        states = Math.max(states, off.asDouble());
      }
      double mean = result.path("mean").asDouble();
      double draws = result.path("sample").asDouble();
      String line =
          String.format(
              Locale.ROOT,
              "| %s | %.1e | %.1e |",
              result.path("name").asText(),
              states,
              mean);
      table.add(line);
      if (!(states <= limit && mean <= meanLimit(result, limit) && draws <= DRAWS)) {
        faults.add(line + " draws that differ: " + draws);
      }
    }
    System.out.println(engine + "\n" + String.join("\n", table));
    assertThat(faults).isEmpty();
    assertThat(results).hasSameSizeAs(PlaygroundCase.all());
    checkKinds(results);
  }

  /** An expectation over several channels is an integral, which each computes by its own rule. */
  private static double meanLimit(JsonNode result, double limit) {
    return result.path("name").asText().contains("RGB") ? 1e-3 : limit;
  }

  /** Doublings come where the program has them. */
  private static void checkKinds(JsonNode results) {
    List<?> cases = (List<?>) truth().get("cases");
    for (int i = 0; i < cases.size(); i++) {
      List<String> wanted =
          ((List<?>) ((Map<?, ?>) cases.get(i)).get("steps"))
              .stream().map(step -> (String) ((Map<?, ?>) step).get("kind")).toList();
      List<String> found = new ArrayList<>();
      results.get(i).path("kinds").forEach(kind -> found.add(kind.asText()));
      assertThat(found).isEqualTo(wanted);
    }
  }
}
