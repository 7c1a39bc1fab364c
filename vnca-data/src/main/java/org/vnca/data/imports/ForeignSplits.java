package org.vnca.data.imports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5Array;
import org.vnca.data.hdf5.Hdf5File;

/**
 * Finds the images and labels in a file that another program made. What is found by itself: the
 * arrays of numbers of three or four axes that are called alike but for the name of a split, such
 * as {@code x_train} and {@code x_test}, or {@code train/images} and {@code test/images}, or the
 * only such array; where several could be meant, those that are called images, x, data or the like,
 * if they are the only ones. What its labels are, {@link LabelSearch} says.
 *
 * @param images path of the images as {@code --images} has it
 * @param labels path of the labels as {@code --labels} has it; empty where there are none
 * @param splits images and labels by split; one called {@value #WHOLE} where the file has none
 * @param ignored arrays that are neither, with their shapes, and what could not be read
 */
record ForeignSplits(
    String images, Optional<String> labels, Map<String, Found> splits, List<String> ignored) {
  /** The name of the only split of a file that has none. */
  static final String WHOLE = "";

  /** What {@code --labels} says where there are to be none. */
  static final String NO_LABELS = "none";

  private static final List<String> USUAL = List.of("train", "valid", "test");

  /**
   * A split.
   *
   * @param images its images
   * @param labels their labels
   */
  record Found(Hdf5Array images, Optional<Hdf5Array> labels) {}

  /**
   * Finds them.
   *
   * @param name the file's name in messages
   * @param images where the images are, {@code {split}} for a split's name; empty to look for them
   * @param labels the same for labels, {@value #NO_LABELS} for none
   * @param order the axes' order, as {@link AxisOrder#named}, if it is said
   * @throws DatasetException if there are none, or several could be meant
   */
  static ForeignSplits find(
      Hdf5File file,
      String name,
      Optional<String> images,
      Optional<String> labels,
      Optional<String> order) {
    Hdf5Contents contents = Hdf5Contents.of(file);
    requireSaid(name, contents, images, labels);
    Map<String, Map<String, Hdf5Array>> candidates =
        grouped(contents, ForeignSplits::couldBeImages);
    String pattern =
        images.map(ForeignSplits::plain).orElseGet(() -> only(name, contents, candidates));
    Map<String, Hdf5Array> found = at(file, contents, pattern);
    if (found.isEmpty()) {
      throw new DatasetException(
          "%s has no array at /%s; %s"
              .formatted(name, pattern, alternatives(contents, candidates)));
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    found.forEach((split, array) -> counts.put(split, count(array, order)));
    Optional<String> labelled =
        labels.isPresent()
            ? labels.map(ForeignSplits::plain).filter(path -> !path.equals(NO_LABELS))
            : new LabelSearch(name, contents, pattern, found, counts).labels();
    Map<String, Hdf5Array> labelArrays =
        labelled.map(path -> at(file, contents, path)).orElse(Map.of());
    requireThere(name, contents, labelled, labelArrays, found);
    Map<String, Found> splits = new LinkedHashMap<>();
    found.keySet().stream()
        .sorted(Comparator.comparingInt(ForeignSplits::rank).thenComparing(split -> split))
        .forEach(
            split ->
                splits.put(
                    split,
                    new Found(found.get(split), Optional.ofNullable(labelArrays.get(split)))));
    return new ForeignSplits(pattern, labelled, splits, ignored(contents, splits));
  }

  /** In a file that is not looked through to its end, what is not met may be what is meant. */
  private static void requireSaid(
      String name, Hdf5Contents contents, Optional<String> images, Optional<String> labels) {
    boolean said =
        labels.isPresent()
            && Stream.of(images, labels)
                .allMatch(path -> path.isPresent() && !path.get().contains(SplitName.ANY));
    if (!contents.whole() && !said) {
      throw new DatasetException(
          "%s holds more than %,d arrays, too many to look for images among them; say --images PATH and --labels PATH (or none), without {split}"
              .formatted(name, Hdf5Contents.MOST));
    }
  }

  private static long count(Hdf5Array array, Optional<String> order) {
    return order
        .map(name -> AxisOrder.named(name, array.shape(), array.where()))
        .orElseGet(() -> AxisOrder.guessed(array.shape(), array.where()))
        .length('n', array.shape());
  }

  private static void requireThere(
      String name,
      Hdf5Contents contents,
      Optional<String> labels,
      Map<String, Hdf5Array> arrays,
      Map<String, Hdf5Array> images) {
    if (labels.isPresent() && images.keySet().stream().noneMatch(arrays::containsKey)) {
      throw new DatasetException(
          "%s has no labels at /%s for /{images}; it holds %s; name one of them, or --labels none"
              .replace("/{images}", "the images")
              .formatted(name, labels.get(), listed(contents)));
    }
  }

  private static List<String> ignored(Hdf5Contents contents, Map<String, Found> splits) {
    List<Hdf5Array> used = new ArrayList<>();
    splits
        .values()
        .forEach(
            split -> {
              used.add(split.images());
              split.labels().ifPresent(used::add);
            });
    List<String> ignored = new ArrayList<>();
    contents
        .arrays()
        .forEach(
            (path, array) -> {
              if (used.stream().noneMatch(taken -> taken.where().equals(array.where()))) {
                ignored.add(Hdf5Contents.described(path, array));
              }
            });
    ignored.addAll(contents.passedOver());
    return ignored;
  }

  /** Whether a file has no array that could be images. */
  static boolean areNone(Hdf5File file) {
    return Hdf5Contents.of(file).arrays().values().stream().noneMatch(ForeignSplits::couldBeImages);
  }

  private static boolean couldBeImages(Hdf5Array array) {
    int axes = array.shape().length;
    return (axes == 3 || axes == 4) && ArrayValues.isNumeric(array.type());
  }

  /** The pattern of the images: the only one, or the only one that is called so. */
  private static String only(
      String name, Hdf5Contents contents, Map<String, Map<String, Hdf5Array>> candidates) {
    List<String> patterns = List.copyOf(candidates.keySet());
    if (patterns.size() > 1) {
      patterns = patterns.stream().filter(path -> SplitName.of(path).saysImages()).toList();
    }
    if (patterns.size() != 1) {
      throw new DatasetException(
          "%s: which arrays are the images cannot be told; %s"
              .formatted(name, alternatives(contents, candidates)));
    }
    return patterns.get(0);
  }

  private static String alternatives(
      Hdf5Contents contents, Map<String, Map<String, Hdf5Array>> candidates) {
    if (candidates.isEmpty()) {
      return "images are numbers, [N, height, width] or with channels, but it holds "
          + listed(contents);
    }
    List<String> described =
        candidates.entrySet().stream()
            .map(
                entry ->
                    "--images "
                        + Hdf5Contents.described(
                            entry.getKey(), entry.getValue().values().iterator().next()))
            .toList();
    return "say it: " + Hdf5Contents.some(described);
  }

  private static String listed(Hdf5Contents contents) {
    List<String> all = new ArrayList<>();
    contents.arrays().forEach((path, array) -> all.add(Hdf5Contents.described(path, array)));
    all.addAll(contents.passedOver());
    return all.isEmpty() ? "no arrays" : Hdf5Contents.some(all);
  }

  /** Arrays by pattern and split; those that share a pattern and a split keep their own paths. */
  static Map<String, Map<String, Hdf5Array>> grouped(
      Hdf5Contents contents, java.util.function.Predicate<Hdf5Array> wanted) {
    Map<String, Map<String, Hdf5Array>> groups = new TreeMap<>();
    contents
        .arrays()
        .forEach(
            (path, array) -> {
              if (wanted.test(array)) {
                SplitName name = SplitName.of(path);
                Map<String, Hdf5Array> group =
                    groups.computeIfAbsent(name.pattern(), key -> new LinkedHashMap<>());
                if (group.putIfAbsent(name.split(), array) != null) {
                  groups.put(path, new LinkedHashMap<>(Map.of(WHOLE, array)));
                }
              }
            });
    return groups;
  }

  /** The arrays at a path, by split. */
  private static Map<String, Hdf5Array> at(Hdf5File file, Hdf5Contents contents, String pattern) {
    if (!pattern.contains(SplitName.ANY)) {
      Map<String, Hdf5Array> whole = new LinkedHashMap<>();
      file.findArray(pattern).ifPresent(array -> whole.put(SplitName.of(pattern).split(), array));
      return whole;
    }
    Pattern path = Pattern.compile(expression(pattern));
    Map<String, Hdf5Array> found = new LinkedHashMap<>();
    contents
        .arrays()
        .forEach(
            (name, array) -> {
              java.util.regex.Matcher matcher = path.matcher(name);
              if (matcher.matches()) {
                String split = SplitName.canonical(matcher.group(1));
                Hdf5Array other = found.putIfAbsent(split, array);
                if (other != null) {
                  throw new DatasetException(
                      "%s and %s would both be the split %s; name one array"
                          .formatted(array.where(), other.path(), split));
                }
              }
            });
    return found;
  }

  private static String expression(String pattern) {
    String quoted =
        java.util.Arrays.stream(pattern.split(Pattern.quote(SplitName.ANY), -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("\0"));
    return quoted.replaceFirst("\0", "([^/]+)").replace("\0", "[^/]+");
  }

  private static String plain(String path) {
    return path.replaceFirst("^/+", "");
  }

  private static int rank(String split) {
    int usual = USUAL.indexOf(split);
    return usual < 0 ? USUAL.size() : usual;
  }
}
