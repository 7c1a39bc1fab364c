package org.vnca.data;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.vnca.data.fault.DatasetException;

/**
 * What there is to know of a dataset, found by reading all of it.
 *
 * @param location what it was opened as
 * @param name the dataset's name
 * @param source where its images come from; empty where not said
 * @param pixels what a pixel's byte means
 * @param checksum SHA-256 of the file, hexadecimal
 * @param bytes length of the file
 * @param splits its splits, in their usual order
 */
public record DatasetInfo(
    String location,
    String name,
    String source,
    Pixels pixels,
    String checksum,
    long bytes,
    List<SplitInfo> splits) {
  private static final int READ_BYTES = 1 << 20;

  public DatasetInfo {
    splits = List.copyOf(splits);
  }

  /**
   * What there is to know of a split.
   *
   * @param name the split's name
   * @param images N, how many images
   * @param height rows of an image
   * @param width columns of an image
   * @param channels channels of an image
   * @param minimum least value of a pixel, 0..255
   * @param maximum greatest value of a pixel, 0..255
   * @param meanPixel mean over all pixels of all images, in the unit of the bytes
   * @param classCounts images of each label that occurs; empty where there are no labels
   */
  public record SplitInfo(
      String name,
      int images,
      int height,
      int width,
      int channels,
      int minimum,
      int maximum,
      double meanPixel,
      SortedMap<Integer, Integer> classCounts) {
    public SplitInfo {
      classCounts = Collections.unmodifiableSortedMap(new TreeMap<>(classCounts));
    }
  }

  /**
   * Reads the whole dataset, a megabyte at a time.
   *
   * @throws DatasetException if part of it cannot be read or is damaged
   */
  public static DatasetInfo of(ImageDataset dataset) {
    return new DatasetInfo(
        dataset.location(),
        dataset.name(),
        dataset.source(),
        dataset.pixels(),
        dataset.checksum(),
        dataset.fileBytes(),
        dataset.splits().stream().map(dataset::split).map(DatasetInfo::of).toList());
  }

  private static SplitInfo of(Split split) {
    int minimum = 255;
    int maximum = 0;
    long sum = 0;
    int step = Math.max(1, READ_BYTES / split.imageBytes());
    for (int from = 0; from < split.size(); from += step) {
      for (byte pixel : split.read(range(from, Math.min(split.size(), from + step)))) {
        int value = pixel & 0xFF;
        minimum = Math.min(minimum, value);
        maximum = Math.max(maximum, value);
        sum += value;
      }
    }
    double pixels = (double) split.size() * split.imageBytes();
    return new SplitInfo(
        split.name(),
        split.size(),
        split.height(),
        split.width(),
        split.channels(),
        minimum,
        maximum,
        sum / pixels,
        classCounts(split));
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static SortedMap<Integer, Integer> classCounts(Split split) {
    SortedMap<Integer, Integer> counts = new TreeMap<>();
    for (byte label : split.labels().orElse(new byte[0])) {
      counts.merge(label & 0xFF, 1, Integer::sum);
    }
    return counts;
  }
}
