package org.vnca.data.imports;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.vnca.data.fault.DatasetException;

/**
 * Labels of pictures by the folders they lie in: the first folder below the source, or below the
 * folders that all pictures share, names the class; classes are sorted by name.
 */
final class FolderLabels {
  private static final int MOST_CLASSES = 256;

  private final int depth;
  private final List<String> classes;
  private final Map<String, Integer> counts;

  private FolderLabels(int depth, Map<String, Integer> counts) {
    this.depth = depth;
    this.counts = counts;
    this.classes = List.copyOf(counts.keySet());
  }

  /**
   * Finds the classes.
   *
   * @param names paths of the pictures within the source, with slashes
   * @throws DatasetException if a picture lies in no folder of its own, the folders are those of
   *     splits, or there are fewer than 2 or more than 256
   */
  static FolderLabels of(Path source, List<String> names) {
    int depth = shared(names);
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (String name : names) {
      String[] steps = name.split("/", -1);
      if (steps.length < depth + 2) {
        throw new DatasetException(
            "%s: %s lies in no folder that could be its label; put each class into a folder of its own, or leave out --labels-by-folder"
                .formatted(source, PictureName.shown(name)));
      }
      counts.merge(steps[depth], 1, Integer::sum);
    }
    TreeSet<String> plain = new TreeSet<>();
    counts.keySet().forEach(folder -> plain.add(SplitName.canonical(folder)));
    if (!plain.isEmpty() && List.of("train", "valid", "test").containsAll(plain)) {
      throw new DatasetException(
          "%s: the folders %s are splits, not classes; import one of them, and say with --test-share and --valid-share what is held out of it"
              .formatted(source, String.join(", ", counts.keySet())));
    }
    if (counts.size() < 2 || counts.size() > MOST_CLASSES) {
      throw new DatasetException(
          "%s: labels need 2 to %d folders, but there %s; leave out --labels-by-folder"
              .formatted(
                  source,
                  MOST_CLASSES,
                  counts.size() == 1
                      ? "is one, " + counts.firstKey()
                      : "are " + (counts.isEmpty() ? "none" : counts.size())));
    }
    return new FolderLabels(depth, counts);
  }

  /** How many folders at the beginning are the same for all, as in a zip with one folder. */
  private static int shared(List<String> names) {
    if (names.isEmpty()) {
      return 0;
    }
    List<String> steps = new ArrayList<>(List.of(names.get(0).split("/", -1)));
    steps.remove(steps.size() - 1);
    int depth = steps.size();
    for (String name : names) {
      String[] others = name.split("/", -1);
      int same = 0;
      while (same < depth && same < others.length - 1 && others[same].equals(steps.get(same))) {
        same++;
      }
      depth = same;
    }
    return depth;
  }

  /** The label of a picture, as an unsigned byte. */
  byte of(String name) {
    return (byte) classes.indexOf(name.split("/", -1)[depth]);
  }

  /** Names of the labels 0, 1, 2, ... */
  List<String> classes() {
    return classes;
  }

  /** What was found, in words. */
  String remark() {
    List<String> parts = new ArrayList<>();
    counts.forEach((name, count) -> parts.add("%d %s (%,d)".formatted(parts.size(), name, count)));
    int shown = Math.min(parts.size(), 10);
    String more = parts.size() > shown ? ", and %d more".formatted(parts.size() - shown) : "";
    return "labels by folder: " + String.join(", ", parts.subList(0, shown)) + more;
  }
}
