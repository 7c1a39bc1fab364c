package org.vnca.data.imports;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path inside a file, and the split that its words name.
 *
 * @param path as it stands in the file, without a leading slash
 * @param pattern the same with {@code {split}} for each word that names the split
 * @param split {@code train}, {@code valid} or {@code test}; empty if no word names one, or several
 *     name different ones
 */
record SplitName(String path, String pattern, String split) {
  /** What stands for the split's name. */
  static final String ANY = "{split}";

  private static final Pattern WORD =
      Pattern.compile(
          "(?:(?<![A-Za-z])|(?<=(?<![A-Za-z])[xXyY])|(?<=[a-z])(?=[A-Z]))"
              + "(?i:training|train|validation|valid|val|dev|testing|test)"
              + "(?=[^a-z]|[xy](?![A-Za-z])|$)");

  private static final Set<String> IMAGES =
      Set.of("images", "image", "imgs", "img", "x", "data", "pixels", "features", "inputs");
  private static final Set<String> LABELS =
      Set.of(
          "labels",
          "label",
          "y",
          "targets",
          "target",
          "classes",
          "class",
          "cls",
          "categories",
          "category");

  /** With these a name is about the classes, not a label for each image. */
  private static final Set<String> ABOUT_CLASSES =
      Set.of("n", "num", "count", "counts", "name", "names", "weight", "weights");

  /** Takes a path apart. */
  static SplitName of(String path) {
    String plain = path.replaceFirst("^/+", "");
    Set<String> splits = new LinkedHashSet<>();
    Matcher word = WORD.matcher(plain);
    while (word.find()) {
      splits.add(canonical(word.group()));
    }
    return splits.size() == 1
        ? new SplitName(
            plain,
            WORD.matcher(plain).replaceAll(Matcher.quoteReplacement(ANY)),
            splits.iterator().next())
        : new SplitName(plain, plain, "");
  }

  /** The usual name of a split that has many; any other name is left as it is. */
  static String canonical(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> "train";
      case "valid", "validation", "val", "dev" -> "valid";
      case "test", "testing" -> "test";
      default -> word;
    };
  }

  /** Whether the last words of the path say that it is images. */
  boolean saysImages() {
    List<String> words = words();
    return words.stream().anyMatch(IMAGES::contains) && words.stream().noneMatch(LABELS::contains);
  }

  /** Whether the last words of the path say that it is labels. */
  boolean saysLabels() {
    List<String> words = words();
    return words.stream().anyMatch(LABELS::contains)
        && words.stream().noneMatch(ABOUT_CLASSES::contains);
  }

  /** The words of the last step that has any beside the split's name. */
  private List<String> words() {
    String[] steps = pattern.split("/", -1);
    for (int i = steps.length - 1; i >= 0; i--) {
      String rest = steps[i].replace(ANY, " ").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
      List<String> words =
          Arrays.stream(rest.split("[^A-Za-z]+", -1))
              .filter(word -> !word.isEmpty())
              .map(word -> word.toLowerCase(Locale.ROOT))
              .toList();
      if (!words.isEmpty()) {
        return words;
      }
    }
    return List.of();
  }
}
