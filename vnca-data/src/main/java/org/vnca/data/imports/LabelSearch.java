package org.vnca.data.imports;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.ElementType;
import org.vnca.data.hdf5.Hdf5Array;

/**
 * Finds the labels of images in a file that another program made: arrays of one or two axes that
 * are called labels, y or the like, with a label for each image. Labels of another number, or that
 * cannot be read, are refused rather than left out: then something is wrong with the file, or they
 * belong to something else, which a person must say.
 *
 * @param name the file's name in messages
 * @param contents what lies in the file
 * @param pattern path of the images as {@code --images} has it
 * @param images by split
 * @param counts how many of them, by split
 */
record LabelSearch(
    String name,
    Hdf5Contents contents,
    String pattern,
    Map<String, Hdf5Array> images,
    Map<String, Long> counts) {
  private static final int MOST_CLASSES = 256;
  private static final String WITHOUT = "import the images without labels: --labels none";

  /**
   * The path of the labels, as {@code --labels} has it; empty if the file has none.
   *
   * @throws DatasetException if several could be meant, or what there is suits no images
   */
  Optional<String> labels() {
    Map<String, Map<String, Hdf5Array>> called = new TreeMap<>();
    ForeignSplits.grouped(contents, array -> array.shape().length <= 2)
        .forEach(
            (path, arrays) -> {
              if (SplitName.of(path).saysLabels()
                  && !arrays.values().stream().allMatch(this::isOther)) {
                called.put(path, arrays);
              }
            });
    List<String> fitting = called.keySet().stream().filter(path -> fits(called.get(path))).toList();
    List<String> beside =
        fitting.stream().filter(path -> parent(path).equals(parent(pattern))).toList();
    List<String> chosen = beside.isEmpty() ? fitting : beside;
    if (chosen.size() > 1) {
      throw new DatasetException(
          "%s: which arrays are the labels cannot be told; say --labels %s or --labels none"
              .formatted(name, String.join(" or --labels ", chosen)));
    }
    if (chosen.isEmpty()) {
      called.forEach((path, arrays) -> refuse(arrays));
      requireNoneOdd();
      return Optional.empty();
    }
    requireImages(chosen.get(0), called.get(chosen.get(0)));
    return Optional.of(chosen.get(0));
  }

  /** What is called so, but is about the classes: one number, or their names. */
  private boolean isOther(Hdf5Array array) {
    long size = Arrays.stream(array.shape()).reduce(1, (a, b) -> a * b);
    if (counts.containsValue(size)) {
      return false;
    }
    if (size <= 1) {
      return true;
    }
    if (array.type().kind() != ElementType.Kind.STRING || size > MOST_CLASSES) {
      return false;
    }
    List<String> names = List.of(array.strings(0, (int) array.rows()));
    return new HashSet<>(names).size() == names.size();
  }

  /** Whether there is a label for each image of some split, along one of the axes. */
  private boolean fits(Map<String, Hdf5Array> labels) {
    return labels.entrySet().stream()
        .anyMatch(
            entry ->
                couldBeLabels(entry.getValue())
                    && counts.containsKey(entry.getKey())
                    && Arrays.stream(entry.getValue().shape())
                        .anyMatch(length -> length == counts.get(entry.getKey())));
  }

  private static boolean couldBeLabels(Hdf5Array array) {
    ElementType.Kind kind = array.type().kind();
    return array.shape().length > 0
        && kind != ElementType.Kind.OTHER
        && kind != ElementType.Kind.BITFIELD;
  }

  private void refuse(Map<String, Hdf5Array> labels) {
    String split =
        labels.keySet().stream()
            .filter(counts::containsKey)
            .findFirst()
            .orElse(labels.keySet().iterator().next());
    Hdf5Array array = labels.get(split);
    if (!couldBeLabels(array)) {
      throw new DatasetException(
          "%s holds %s, not labels that can be read; name others with --labels PATH, or %s"
              .formatted(array.where(), array.type(), WITHOUT));
    }
    if (!counts.containsKey(split)) {
      split = counts.keySet().iterator().next();
    }
    throw new DatasetException(
        "%s is %s, but there are %,d images at %s: one of the two is not whole, or they do not belong"
                .formatted(
                    array.where(),
                    Arrays.toString(array.shape()),
                    counts.get(split),
                    images.get(split).path())
            + " together; name others with --labels PATH, or "
            + WITHOUT);
  }

  /** Labels under a broken link, or of a type that is not read. */
  private void requireNoneOdd() {
    contents
        .odd()
        .forEach(
            (path, why) -> {
              if (SplitName.of(path).saysLabels()) {
                throw new DatasetException(
                    "%s: /%s cannot be read (%s); name other labels with --labels PATH, or %s"
                        .formatted(name, PictureName.shown(path), why, WITHOUT));
              }
            });
  }

  /** Labels of a split whose images were not found: they may lie where nobody looked. */
  private void requireImages(String chosen, Map<String, Hdf5Array> labels) {
    if (!pattern.contains(SplitName.ANY) || !chosen.contains(SplitName.ANY)) {
      return;
    }
    labels.forEach(
        (split, array) -> {
          if (!counts.containsKey(split)) {
            throw new DatasetException(
                "%s has labels of the split %s, but there are no images of it at /%s; if that is meant, say"
                        .formatted(array.where(), split, pattern)
                    + " it: --labels '%s', or --labels none".formatted(chosen));
          }
        });
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
