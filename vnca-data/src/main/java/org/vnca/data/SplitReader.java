package org.vnca.data;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the splits of an open file and makes {@link Split}s of them, of one image size. */
final class SplitReader {
  private static final List<String> USUAL_ORDER = List.of("train", "valid", "test");
  private static final int SAMPLE = 1024;
  private static final int SAMPLE_BATCH = 64;

  private final String location;
  private final Hdf5Source hdf;
  private final DatasetPaths paths;
  private final Map<String, StoredArray> images;
  private final BlockCache cache = BlockCache.forThisHeap();

  private SplitReader(
      String location, Hdf5Source hdf, DatasetPaths paths, Map<String, StoredArray> images) {
    this.location = location;
    this.hdf = hdf;
    this.paths = paths;
    this.images = images;
  }

  /**
   * @throws DatasetException if there are no images where {@code paths} says
   */
  static SplitReader of(String location, Hdf5Source hdf, DatasetPaths paths) {
    Map<String, StoredArray> images = find(hdf, paths);
    if (images.isEmpty() && paths.equals(DatasetPaths.DEFAULT)) {
      Map<String, StoredArray> plain = find(hdf, DatasetPaths.ROOT);
      if (!plain.isEmpty()) {
        return new SplitReader(location, hdf, DatasetPaths.ROOT, plain);
      }
    }
    if (images.isEmpty()) {
      throw new DatasetException(
          "dataset %s has no images at /%s; say where its images are, or import the data"
              .formatted(location, paths.images()));
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
    Map<String, ImageShape> shapes = new LinkedHashMap<>();
    images.forEach(
        (name, array) -> {
          ImageShape shape = array.imageShape();
          shapes.put(name, shape);
          splits.add(split(name, array, shape, pixels));
        });
    requireOneSize(shapes);
    return splits;
  }

  private Split split(String name, StoredArray array, ImageShape shape, Pixels pixels) {
    Optional<byte[]> labels =
        hdf.findArray(paths.labelsOf(name)).map(found -> found.labels(shape.images()));
    return new Split(name, array, shape, pixels, array.storage(shape, cache), labels);
  }

  private void requireOneSize(Map<String, ImageShape> shapes) {
    ImageShape first = shapes.values().iterator().next();
    if (!shapes.values().stream().allMatch(first::sameImageAs)) {
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

  private static Map<String, StoredArray> find(Hdf5Source hdf, DatasetPaths paths) {
    Map<String, StoredArray> found = new LinkedHashMap<>();
    names(hdf, paths)
        .sorted(Comparator.comparingInt(SplitReader::rank).thenComparing(name -> name))
        .forEach(
            name -> hdf.findArray(paths.imagesOf(name)).ifPresent(array -> found.put(name, array)));
    return found;
  }

  /** The names that could stand for {split}: those of the nodes at its step of the path. */
  private static Stream<String> names(Hdf5Source hdf, DatasetPaths paths) {
    if (!paths.hasSplits()) {
      return Stream.of(DatasetPaths.WHOLE);
    }
    String path = paths.images();
    int from = path.lastIndexOf('/', path.indexOf(DatasetPaths.SPLIT)) + 1;
    int end = path.indexOf('/', from);
    String step = path.substring(from, end < 0 ? path.length() : end);
    String before = step.substring(0, step.indexOf(DatasetPaths.SPLIT));
    String after = step.substring(before.length() + DatasetPaths.SPLIT.length());
    Optional<Node> parent =
        from == 0 ? Optional.of(hdf.root()) : hdf.find(path.substring(0, from - 1));
    return parent
        .filter(Group.class::isInstance)
        .map(Group.class::cast)
        .map(group -> group.getChildren().keySet())
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
