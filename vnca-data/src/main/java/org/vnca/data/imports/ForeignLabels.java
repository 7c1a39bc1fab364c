package org.vnca.data.imports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.ElementType;
import org.vnca.data.hdf5.Hdf5Array;

/**
 * Labels that another program wrote, of all splits of a file together: whole numbers, one-hot rows,
 * text or named numbers.
 *
 * @param bySplit a label an image, uint8
 * @param classes their names in the order of the labels; empty where labels are numbers as they
 *     were
 * @param how what they were and what was done with them; the end of a sentence
 */
record ForeignLabels(Map<String, byte[]> bySplit, List<String> classes, String how) {
  private static final int MOST_CLASSES = 256;
  private static final int AT_ONCE = 1 << 16;

  /**
   * Reads them.
   *
   * @param arrays by split
   * @param counts images by split
   * @throws DatasetException if they are none of these, or too many classes
   */
  static ForeignLabels read(Map<String, Hdf5Array> arrays, Map<String, Integer> counts) {
    Hdf5Array first = arrays.values().iterator().next();
    ElementType type = first.type();
    for (Map.Entry<String, Hdf5Array> entry : arrays.entrySet()) {
      requireSame(entry.getValue(), first);
      requireCount(entry.getValue(), counts.get(entry.getKey()));
    }
    if (type.kind() == ElementType.Kind.STRING) {
      return ofText(arrays, counts);
    }
    if (type.kind() == ElementType.Kind.ENUM && !type.isBoolean()) {
      return ofNames(arrays, counts);
    }
    if (!ArrayValues.isNumeric(type)) {
      throw new DatasetException(
          "%s must hold numbers or text, but holds %s; name other labels, or --labels none"
              .formatted(first.where(), type));
    }
    boolean oneHot = isTable(first.shape(), counts.get(arrays.keySet().iterator().next()));
    return oneHot ? ofOneHot(arrays, counts) : ofNumbers(arrays, counts);
  }

  private static void requireSame(Hdf5Array array, Hdf5Array first) {
    if (array.type().kind() != first.type().kind()
        || array.shape().length != first.shape().length
        || !array.type().names().equals(first.type().names())) {
      throw new DatasetException(
          "%s holds %s and %s holds %s; labels of all splits must be of one kind"
              .formatted(array.where(), array.type(), first.path(), first.type()));
    }
  }

  private static void requireCount(Hdf5Array array, int images) {
    long[] shape = array.shape();
    boolean table = isTable(shape, images) && array.type().kind() != ElementType.Kind.STRING;
    boolean one = Arrays.stream(shape).reduce(1, (a, b) -> a * b) == images;
    if (shape.length > 2 || !(one || table)) {
      throw new DatasetException(
          "%s is %s, but there are %d images: labels must be [N], or one-hot [N, classes]; name"
                  .formatted(array.where(), Arrays.toString(shape), images)
              + " others, or --labels none");
    }
  }

  /** Whether each image has several values. */
  private static boolean isTable(long[] shape, int images) {
    return shape.length == 2
        && (shape[0] == images || shape[1] == images)
        && shape[0] * shape[1] != images;
  }

  private static ForeignLabels ofText(Map<String, Hdf5Array> arrays, Map<String, Integer> counts) {
    SortedSet<String> names = new TreeSet<>();
    arrays.values().forEach(array -> texts(array, text -> collect(names, text, array)));
    List<String> classes = List.copyOf(names);
    Map<String, byte[]> labels = new TreeMap<>();
    arrays.forEach(
        (split, array) -> {
          byte[] bytes = new byte[counts.get(split)];
          int[] next = {0};
          texts(array, text -> bytes[next[0]++] = (byte) names.headSet(text).size());
          labels.put(split, bytes);
        });
    return new ForeignLabels(labels, classes, "text: " + numbered(classes));
  }

  private static void texts(Hdf5Array array, java.util.function.Consumer<String> reader) {
    int step = step(array);
    for (long first = 0; first < array.rows(); first += step) {
      int rows = (int) Math.min(step, array.rows() - first);
      Arrays.stream(array.strings(first, rows)).forEach(reader);
    }
  }

  private static <T> void collect(Collection<T> classes, T one, Hdf5Array array) {
    if (!classes.contains(one)) {
      classes.add(one);
      if (classes.size() > MOST_CLASSES) {
        throw new DatasetException(
            "%s has more than %d classes; name other labels, or --labels none"
                .formatted(array.where(), MOST_CLASSES));
      }
    }
  }

  /** Named numbers: the values stay if they are 0, 1, 2, ..., as do their names' order. */
  private static ForeignLabels ofNames(Map<String, Hdf5Array> arrays, Map<String, Integer> counts) {
    Hdf5Array any = arrays.values().iterator().next();
    TreeMap<Long, String> names = new TreeMap<>();
    any.type().names().forEach((name, value) -> names.putIfAbsent(value, name));
    List<Long> values = List.copyOf(names.keySet());
    if (values.size() > MOST_CLASSES) {
      throw new DatasetException(
          "%s has more than %d classes; name other labels, or --labels none"
              .formatted(any.where(), MOST_CLASSES));
    }
    Function<Double, Integer> label = value -> values.indexOf((long) (double) value);
    List<String> classes = List.copyOf(names.values());
    return new ForeignLabels(
        mapped(arrays, counts, label), classes, "named numbers: " + numbered(classes));
  }

  private static ForeignLabels ofNumbers(
      Map<String, Hdf5Array> arrays, Map<String, Integer> counts) {
    SortedSet<Double> found = new TreeSet<>();
    arrays
        .values()
        .forEach(array -> values(array, value -> collect(found, whole(value, array), array)));
    if (found.first() >= 0 && found.last() < MOST_CLASSES) {
      Map<String, byte[]> labels = mapped(arrays, counts, value -> (int) (double) value);
      return new ForeignLabels(labels, List.of(), "numbers, kept as they are");
    }
    List<Double> sorted = new ArrayList<>(found);
    List<String> classes = sorted.stream().map(PixelScale::shown).toList();
    return new ForeignLabels(
        mapped(arrays, counts, value -> java.util.Collections.binarySearch(sorted, value)),
        classes,
        "numbers outside 0..255, numbered anew: " + numbered(classes));
  }

  private static Double whole(double value, Hdf5Array array) {
    if (value != Math.rint(value) || Double.isInfinite(value)) {
      throw new DatasetException(
          "%s must hold whole numbers, but holds %s; name other labels, or --labels none"
              .formatted(array.where(), value));
    }
    return value + 0.0; // -0.0 is 0
  }

  private static Map<String, byte[]> mapped(
      Map<String, Hdf5Array> arrays, Map<String, Integer> counts, Function<Double, Integer> label) {
    Map<String, byte[]> labels = new TreeMap<>();
    arrays.forEach(
        (split, array) -> {
          byte[] bytes = new byte[counts.get(split)];
          int[] next = {0};
          values(
              array,
              value -> {
                int number = label.apply(value + 0.0);
                if (number < 0) {
                  throw new DatasetException(
                      "%s holds %s, which has no name; name other labels, or --labels none"
                          .formatted(array.where(), PixelScale.shown(value)));
                }
                bytes[next[0]++] = (byte) number;
              });
          labels.put(split, bytes);
        });
    return labels;
  }

  private static ForeignLabels ofOneHot(
      Map<String, Hdf5Array> arrays, Map<String, Integer> counts) {
    Map<String, byte[]> labels = new TreeMap<>();
    int[] widths = new int[1];
    arrays.forEach(
        (split, array) -> {
          int count = counts.get(split);
          boolean byImage = array.shape()[0] == count;
          long classes = array.shape()[byImage ? 1 : 0];
          if (classes > MOST_CLASSES) {
            throw new DatasetException(
                "%s has %d classes, more than %d; name other labels, or --labels none"
                    .formatted(array.where(), classes, MOST_CLASSES));
          }
          widths[0] = (int) classes;
          labels.put(split, oneHot(array, count, (int) classes, byImage));
        });
    return new ForeignLabels(labels, List.of(), "one-hot of %d classes".formatted(widths[0]));
  }

  private static byte[] oneHot(Hdf5Array array, int count, int classes, boolean byImage) {
    byte[] labels = new byte[count];
    boolean[] seen = new boolean[count];
    long[] place = {0};
    values(
        array,
        value -> {
          long at = place[0]++;
          int image = (int) (byImage ? at / classes : at % count);
          int label = (int) (byImage ? at % classes : at / count);
          if ((value != 0 && value != 1) || (value == 1 && seen[image])) {
            throw notOneHot(array, image);
          }
          if (value == 1) {
            seen[image] = true;
            labels[image] = (byte) label;
          }
        });
    for (int i = 0; i < count; i++) {
      if (!seen[i]) {
        throw notOneHot(array, i);
      }
    }
    return labels;
  }

  private static DatasetException notOneHot(Hdf5Array array, int image) {
    return new DatasetException(
        "%s must be one-hot, a 1 and else 0 for each image, but is not for image %d; name other"
                .formatted(array.where(), image)
            + " labels, or --labels none");
  }

  private static void values(Hdf5Array array, java.util.function.DoubleConsumer reader) {
    int step = step(array);
    for (long first = 0; first < array.rows(); first += step) {
      int rows = (int) Math.min(step, array.rows() - first);
      if (array.type().kind() == ElementType.Kind.ENUM) {
        Arrays.stream(array.longs(first, rows)).forEach(reader::accept);
      } else {
        Arrays.stream(array.doubles(first, rows)).forEach(reader);
      }
    }
  }

  private static int step(Hdf5Array array) {
    return (int) Math.max(1, AT_ONCE / Math.max(1, array.rowElements()));
  }

  private static String numbered(List<String> classes) {
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      numbered.add(classes.get(i) + " = " + i);
    }
    return Hdf5Contents.some(numbered);
  }
}
