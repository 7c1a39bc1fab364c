package org.vnca.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on several devices, from the command line. */
class DevicesSettingTest {
  private static final String TRAINING =
      """
      train:
        batch: 8
        device: cpu
        validation: {every: 2, images: 8}
        report: {every: 1}
        images: {every: 0}
      evaluation: {after-training: false}
      """;

  private static final String TWO = "train.devices=[cpu:0, cpu:1]";

  /** Largest relative difference; measured at most 3e-6, of a gradient's norm. */
  private static final double ROUNDING = 2e-5;

  @TempDir Path folder;
  private String experiment;

  @BeforeEach
  void write() throws IOException {
    experiment = Tiny.write(folder, TRAINING).toString();
  }

  @Test
  void training_onTwoDevices_givesTheFiguresOfOne_andGoesOnWithOne() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    assertThat(called("train", experiment, "--run", one.toString(), "--set", "train.steps=6"))
        .doesNotContain(" devices: ");
    assertThat(
            called(
                "train",
                experiment,
                "--run",
                two.toString(),
                "--set",
                "train.steps=4",
                "--set",
                TWO))
        .contains("parameters on 2 devices: cpu:0, cpu:1 (CPU");
    assertThat(Files.readString(two.resolve("manifest.json"))).contains("2 devices: cpu:0, cpu:1");
    assertThat(
            called("resume", two.toString(), "--set", "train.devices=[]", "--set", "train.steps=6"))
        .contains("goes on from step 4")
        .contains("parameters on CPU");
    assertThat(Files.readString(two.resolve("experiment.yaml"))).contains("devices: []");
    List<Map<String, Double>> figures = metrics(two);
    assertThat(figures).as("six steps and three validations").hasSize(9);
    requireSame(figures, metrics(one));
  }

  private static String called(String... words) {
    Called called = Called.with(words);
    assertThat(called.status()).as(called.err()).isZero();
    return called.err();
  }

  /** What is measured, all but times. */
  private static void requireSame(
      List<Map<String, Double>> got, List<Map<String, Double>> expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.size(); i++) {
      Map<String, Double> wanted = expected.get(i);
      assertThat(got.get(i).keySet()).isEqualTo(wanted.keySet());
      got.get(i)
          .forEach(
              (name, value) ->
                  assertThat(value)
                      .as(name)
                      .isCloseTo(wanted.get(name), within(ROUNDING * Math.abs(wanted.get(name)))));
    }
  }

  private static List<Map<String, Double>> metrics(Path run) throws IOException {
    List<Map<String, Double>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      Map<String, Double> numbers = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : new ObjectMapper().readTree(line).properties()) {
        if (field.getValue().isNumber() && !field.getKey().matches(".*[sS]econd.*")) {
          numbers.put(field.getKey(), field.getValue().asDouble());
        }
      }
      lines.add(numbers);
    }
    return lines;
  }
}
