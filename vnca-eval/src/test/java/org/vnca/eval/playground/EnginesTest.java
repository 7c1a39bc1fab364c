package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's engine in plain JavaScript against the program, in Node where there is one. */
class EnginesTest {
  @TempDir Path folder;

  @BeforeEach
  void requireNode() {
    assumeTrue(Node.isThere(), "there is no node, which runs the page's JavaScript");
  }

  @Test
  void statesOfEveryStep_areTheProgramsForEveryKindOfModel()
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(Node.resource(folder, "harness.js").toString()));
    words.addAll(List.of(Agreement.write(folder).toString(), "js"));
    words.addAll(scripts());
    words.add(Node.resource(folder, "compare.js").toString());
    JsonNode results = new ObjectMapper().readTree(Node.run(words));
    Agreement.check(results, 1e-4, "JavaScript");
  }

  @Test
  void whatThePageDrawsItself_hasItsDistribution() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(Node.resource(folder, "draws.js").toString()));
    words.addAll(scripts());
    JsonNode drawn = new ObjectMapper().readTree(Node.run(words));
    // Each within five standard errors of the average.
    requireNear(drawn, "share", 0.3, 0.008);
    for (String pair : List.of("sameAsAStepBefore", "sameAsTheCellBeside", "sameWithAnotherKey")) {
      requireNear(drawn, pair, 0.3 * 0.3 + 0.7 * 0.7, 0.04);
    }
    assertThat(drawn.path("repeated").asBoolean()).isTrue();
    requireNear(drawn, "noiseMean", 0, 0.065);
    requireNear(drawn, "noiseSquare", 4, 0.18);
    assertThat(drawn.path("noiseOfConstantChannels").asDouble()).isZero();
    requireNear(drawn, "priorMean", 0, 0.034);
    requireNear(drawn, "priorSquare", 1, 0.048);
    requireNear(drawn, "priorFourth", 3, 0.34);
  }

  private static void requireNear(JsonNode drawn, String name, double wanted, double margin) {
    assertThat(drawn.path(name).isNumber()).as(name).isTrue();
    assertThat(drawn.path(name).asDouble()).as(name).isCloseTo(wanted, within(margin));
  }

  /** A net may give any mean and log-scale where clip is off. */
  @Test
  void expectationOfUnboundedParameters_isThatOfTheLimit()
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(Node.resource(folder, "draws.js").toString()));
    words.addAll(scripts());
    JsonNode found = new ObjectMapper().readTree(Node.run(words)).path("unbounded");
    assertThat(found).hasSize(36);
    for (JsonNode one : found) {
      double mean = one.path("mean").asDouble();
      double scale = Math.exp(Math.max(one.path("logScale").asDouble(), -7));
      double above = Math.log1p(Math.exp(-Math.abs(mean + 1) / scale));
      double below = Math.log1p(Math.exp(-Math.abs(mean - 1) / scale));
      double wanted =
          Math.abs(mean) < 1e-6 * scale
              ? 0
              : Math.max(-1, Math.min(1, mean)) + scale * (above - below);
      for (JsonNode value : one.path("found")) {
        assertThat(value.asDouble(Double.NaN))
            .as(one.toString())
            .isCloseTo((wanted + 1) / 2, within(1e-4));
      }
    }
  }

  /** By the documents' words: SplitMix64 of the number, Box and Muller of each two. */
  @Test
  void sampleOfANumber_isTheSameEverywhere() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(Node.resource(folder, "draws.js").toString()));
    words.addAll(scripts());
    JsonNode found = new ObjectMapper().readTree(Node.run(words)).path("sample7");
    long state = 7;
    double[] uniform = new double[6];
    for (int i = 0; i < uniform.length; i++) {
      state += 0x9e3779b97f4a7c15L;
      long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
      uniform[i] = ((mixed ^ mixed >>> 31) >>> 11) * 0x1p-53;
    }
    assertThat(found).hasSize(5);
    for (int i = 0; i < 5; i++) {
      double radius = Math.sqrt(-2 * Math.log(1 - uniform[i / 2 * 2]));
      double angle = 2 * Math.PI * uniform[i / 2 * 2 + 1];
      double wanted = radius * (i % 2 == 0 ? Math.cos(angle) : Math.sin(angle));
      assertThat(found.get(i).asDouble()).isCloseTo(wanted, within(1e-6));
    }
  }

  private List<String> scripts() throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : PageTemplate.files()) {
      if (name.endsWith(".js")) {
        files.add(Files.writeString(folder.resolve(name), PageTemplate.read(name)).toString());
      }
    }
    return files;
  }
}
