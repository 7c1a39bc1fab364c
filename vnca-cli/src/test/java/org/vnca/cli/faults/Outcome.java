package org.vnca.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a folder, each by what of it must be the same in two runs of the same work: all of
 * its bytes, but not how often it went on, times, durations, the numbers of processes, and where
 * the folder is.
 */
final class Outcome {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, List<String>> TIMES =
      Map.of(
          "metrics.jsonl", List.of("imagesPerSecond"),
          "state.json", List.of("since", "writer"),
          "manifest.json", List.of("started", "commandLine", "resumed"));

  private Outcome() {}

  /** Names, and what the files hold. */
  static Map<String, String> of(Path folder) throws IOException {
    Map<String, String> outcome = new TreeMap<>();
    for (Path file : Workshop.all(folder)) {
      String name = folder.relativize(file).toString();
      if (Files.isRegularFile(file) && !name.contains("events") && !isLog(name)) {
        outcome.put(name, content(file, folder));
      }
    }
    return outcome;
  }

  /**
   * Events have times in their names; a log and a lock say who came when; a digest says of which
   * bytes it is, times among them.
   */
  private static boolean isLog(String name) {
    return name.startsWith("log")
        || Path.of(name).endsWith("digest")
        || name.contains("/logs/")
        || name.contains("/locks/");
  }

  private static String content(Path file, Path folder) throws IOException {
    String name = file.getFileName().toString();
    boolean report = file.getParent().endsWith("evaluation") && name.endsWith(".json");
    List<String> times = report ? List.of("seconds") : TIMES.getOrDefault(name, List.of());
    if (times.isEmpty() || file.getParent().getParent().endsWith("steps")) {
      return sha256(Files.readAllBytes(file));
    }
    List<String> objects = new ArrayList<>();
    // A manifest says where the data lie.
    String text = Files.readString(file).replace(folder.toString(), ".");
    for (String json : name.endsWith(".jsonl") ? text.lines().toList() : List.of(text)) {
      JsonNode node = JSON.readTree(json);
      objects.add(node instanceof ObjectNode o ? o.without(times).toString() : json);
    }
    return String.join("\n", objects);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where two outcomes differ, in words; empty where they do not. */
  static List<String> differences(Map<String, String> wanted, Map<String, String> found) {
    List<String> differences = new ArrayList<>();
    wanted.forEach(
        (name, content) -> {
          if (!found.containsKey(name)) {
            differences.add(name + " is missing");
          } else if (!found.get(name).equals(content)) {
            differences.add(
                "%s differs: %s instead of %s".formatted(name, found.get(name), content));
          }
        });
    found.keySet().stream()
        .filter(name -> !wanted.containsKey(name))
        .forEach(name -> differences.add(name + " was left over"));
    return differences;
  }
}
