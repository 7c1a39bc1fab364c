package org.vnca.data.batch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.vnca.data.Split;

/** The images of several splits as if they were one, numbered on from split to split. */
final class SplitUnion {
  private final List<Split> splits;
  private final int imageBytes;

  /**
   * @throws IllegalArgumentException if the splits' images differ in size
   */
  SplitUnion(List<Split> splits) {
    this.splits = List.copyOf(splits);
    Split first = splits.get(0);
    this.imageBytes = first.imageBytes();
    for (Split split : splits) {
      if (split.height() != first.height()
          || split.width() != first.width()
          || split.channels() != first.channels()) {
        throw new IllegalArgumentException(
            "splits to be joined must have images of one size, but %s has %s and %s has %s"
                .formatted(first.name(), size(first), split.name(), size(split)));
      }
    }
  }

  /**
   * Images in the given order.
   *
   * @return {@code [indices.length, H, W, C]}, uint8
   */
  byte[] read(int[] indices) {
    if (splits.size() == 1) {
      return splits.get(0).read(indices);
    }
    byte[] target = new byte[Math.multiplyExact(indices.length, imageBytes)];
    int start = 0;
    for (Split split : splits) {
      readFrom(split, start, indices, target);
      start += split.size();
    }
    return target;
  }

  private void readFrom(Split split, int start, int[] indices, byte[] target) {
    int[] places =
        IntStream.range(0, indices.length)
            .filter(i -> indices[i] >= start && indices[i] - start < split.size())
            .toArray();
    byte[] images = split.read(Arrays.stream(places).map(i -> indices[i] - start).toArray());
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(images, i * imageBytes, target, places[i] * imageBytes, imageBytes);
    }
  }

  private static String size(Split split) {
    return "%d x %d x %d".formatted(split.height(), split.width(), split.channels());
  }
}
