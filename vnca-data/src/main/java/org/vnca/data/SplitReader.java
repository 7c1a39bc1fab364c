package org.vnca.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5Array;
import org.vnca.data.hdf5.Hdf5BrokenLink;
import org.vnca.data.hdf5.Hdf5File;
import org.vnca.data.hdf5.Hdf5Group;
import org.vnca.data.hdf5.Hdf5Node;
import org.vnca.data.hdf5.Hdf5Other;
import org.vnca.data.keyed.KeyedPermutation;

/** Finds the splits of an open file and makes {@link Split}s of them, of one image size. */
final class SplitReader {
  private static final List<String> USUAL_ORDER = List.of("train", "valid", "test");
  private static final int SAMPLE = 1024;
  private static final int SAMPLE_BATCH = 64;

  private final String location;
  private final Hdf5File hdf;
  private final DatasetPaths paths;
  private final Map<String, StoredArray> images;

  private SplitReader(
      String location, Hdf5File hdf, DatasetPaths paths, Map<String, StoredArray> images) {
    this.location = location;
    this.hdf = hdf;
    this.paths = paths;
    this.images = images;
  }

  /**
   * @throws DatasetException if there are no images where {@code paths} says
   */
  static SplitReader of(String location, Hdf5File hdf, DatasetPaths paths) {
    List<String> passedOver = new ArrayList<>();
    Map<String, StoredArray> images = find(hdf, paths, passedOver);
    if (images.isEmpty() && paths.equals(DatasetPaths.DEFAULT)) {
      Map<String, StoredArray> plain = find(hdf, DatasetPaths.ROOT, passedOver);
      if (!plain.isEmpty()) {
        return new SplitReader(location, hdf, DatasetPaths.ROOT, plain);
      }
    }
    if (images.isEmpty()) {
      throw new DatasetException(
          "dataset %s has no images at /%s%s; make a dataset of what it has: %s"
              .formatted(
                  location,
                  paths.images(),
                  passedOver.isEmpty() ? "" : " (" + String.join("; ", passedOver) + ")",
                  StoredArray.importing(location)));
    }
    return new SplitReader(location, hdf, paths, images);
  }

  /** What the bytes mean; {@link ImageDataset#pixels} says how this is decided. */
  Pixels pixels() {
    Optional<String> declared = hdf.attribute(ImageDataset.PIXELS);
    if (declared.isPresent()) {
      return Pixels.ofAttribute(location, declared.get());
    }
    if (images.values().stream().allMatch(StoredArray::isBoolean)) {
      return Pixels.BINARY;
    }
    return read(Pixels.UINT8).stream().allMatch(SplitReader::looksBinary)
        ? Pixels.BINARY
        : Pixels.UINT8;
  }

  /**
   * The splits, in their usual order.
   *
   * @throws DatasetException if one is not as {@link ImageDataset} promises
   */
  List<Split> read(Pixels pixels) {
    List<Split> splits = new ArrayList<>();
    Map<String, SplitShape> shapes = new LinkedHashMap<>();
    images.forEach(
        (name, array) -> {
          SplitShape shape = array.imageShape();
          shapes.put(name, shape);
          splits.add(split(name, array, shape, pixels));
        });
    requireOneSize(shapes);
    return splits;
  }

  private Split split(String name, StoredArray array, SplitShape shape, Pixels pixels) {
    Optional<byte[]> labels =
        hdf.findArray(paths.labelsOf(name))
            .map(found -> new StoredArray(found).labels(shape.images()));
    array.array().rowsPerChunk(); // so that what cannot be read is told now
    return new Split(name, array.array(), shape, pixels, labels);
  }

  private void requireOneSize(Map<String, SplitShape> shapes) {
    SplitShape first = shapes.values().iterator().next();
    if (!shapes.values().stream().allMatch(shape -> shape.image().equals(first.image()))) {
      throw new DatasetException(
          "dataset %s: the images of all splits must have one size, but are %s"
              .formatted(location, shapes));
    }
  }

  private static boolean looksBinary(Split split) {
    int count = Math.min(SAMPLE, split.size());
    int[] sample = KeyedPermutation.of(0, split.size()).subset(count);
    for (int from = 0; from < count; from += SAMPLE_BATCH) {
      int[] some = Arrays.copyOfRange(sample, from, Math.min(count, from + SAMPLE_BATCH));
      for (byte pixel : split.read(some)) {
        if ((pixel & ~1) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The images of each split.
   *
   * @param passedOver told of what is broken but need not be a split
   */
  private static Map<String, StoredArray> find(
      Hdf5File hdf, DatasetPaths paths, List<String> passedOver) {
    Map<String, StoredArray> found = new LinkedHashMap<>();
    names(hdf, paths)
        .sorted(Comparator.comparingInt(SplitReader::rank).thenComparing(name -> name))
        .forEach(
            name -> {
              String path = paths.imagesOf(name);
              Hdf5Node node = hdf.find(path).orElse(null);
              if (node instanceof Hdf5Array array) {
                found.put(name, new StoredArray(array));
              } else if (node != null && isBroken(node)) {
                // A split's name, or images themselves: not just a neighbour.
                if (USUAL_ORDER.contains(name) || node.path().equals("/" + path)) {
                  hdf.findArray(path);
                }
                passedOver.add("%s %s".formatted(node.path(), why(node)));
              }
            });
    return found;
  }

  private static boolean isBroken(Hdf5Node node) {
    return node instanceof Hdf5BrokenLink || node instanceof Hdf5Other;
  }

  private static String why(Hdf5Node node) {
    return node instanceof Hdf5BrokenLink broken ? broken.why() : ((Hdf5Other) node).what();
  }

  /** The names that could stand for {split}: those of the nodes at its step of the path. */
  private static Stream<String> names(Hdf5File hdf, DatasetPaths paths) {
    if (!paths.hasSplits()) {
      return Stream.of(DatasetPaths.WHOLE);
    }
    String path = paths.images();
    int from = path.lastIndexOf('/', path.indexOf(DatasetPaths.SPLIT)) + 1;
    int end = path.indexOf('/', from);
    String step = path.substring(from, end < 0 ? path.length() : end);
    String before = step.substring(0, step.indexOf(DatasetPaths.SPLIT));
    String after = step.substring(before.length() + DatasetPaths.SPLIT.length());
    Optional<Hdf5Node> parent =
        from == 0 ? Optional.of(hdf.root()) : hdf.find(path.substring(0, from - 1));
    return parent
        .filter(Hdf5Group.class::isInstance)
        .map(Hdf5Group.class::cast)
        .map(Hdf5Group::names)
        .stream()
        .flatMap(names -> names.stream())
        .filter(
            name ->
                name.length() > before.length() + after.length()
                    && name.startsWith(before)
                    && name.endsWith(after))
        .map(name -> name.substring(before.length(), name.length() - after.length()));
  }

  private static int rank(String split) {
    int usual = USUAL_ORDER.indexOf(split);
    return usual < 0 ? USUAL_ORDER.size() : usual;
  }
}
