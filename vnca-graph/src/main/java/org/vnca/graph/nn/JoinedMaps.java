package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A float32 map {@code [B, H, W, C]} that is known by ranges of its channels, the others being
 * zero. It becomes one tensor only where somebody needs one: layers that read ranges of a map, and
 * their gradients, then neither cut nor pad what was joined just before.
 */
final class JoinedMaps implements Operand<TFloat32> {
  private final Ops tf;
  private final int channels;
  private final List<Range> ranges;
  private Output<TFloat32> whole;

  private JoinedMaps(Ops tf, int channels, List<Range> ranges) {
    this.tf = tf;
    this.channels = channels;
    this.ranges = List.copyOf(ranges);
  }

  /** Maps one behind another. */
  static JoinedMaps of(Ops tf, List<Operand<TFloat32>> maps, int[] channels) {
    List<Range> ranges = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < channels.length; i++) {
      ranges.add(new Range(first, channels[i], maps.get(i)));
      first += channels[i];
    }
    return new JoinedMaps(tf, first, ranges);
  }

  /** One map with zeros before and behind it, so that there are as many channels as said. */
  static JoinedMaps padded(Ops tf, int channels, int first, int count, Operand<TFloat32> map) {
    return new JoinedMaps(tf, channels, List.of(new Range(first, count, map)));
  }

  /** Some channels of a map, without an operation if the map is known by such ranges. */
  static Operand<TFloat32> range(Ops tf, Operand<TFloat32> map, int first, int count) {
    if (!(map instanceof JoinedMaps joined)) {
      return sliced(tf, map, first, count);
    }
    Range wanted = new Range(first, count, map);
    List<Range> inside = new ArrayList<>();
    for (Range range : joined.ranges) {
      if (range.covers(wanted)) {
        return range.map;
      }
      if (range.first <= first && wanted.end() <= range.end()) {
        return sliced(tf, range.map, first - range.first, count);
      }
      if (range.first < wanted.end() && first < range.end()) {
        inside.add(new Range(range.first - first, range.count, range.map));
      }
    }
    boolean whole =
        !inside.isEmpty() && inside.stream().allMatch(r -> r.first >= 0 && r.end() <= count);
    return whole ? new JoinedMaps(tf, count, inside) : sliced(tf, map, first, count);
  }

  private static Operand<TFloat32> sliced(Ops tf, Operand<TFloat32> map, int first, int count) {
    return tf.stridedSlice(map, Indices.ellipsis(), Indices.slice(first, first + count));
  }

  /** a + b, range by range where they are known by the same or by different ranges. */
  static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    if (!(a instanceof JoinedMaps one) || !(b instanceof JoinedMaps other)) {
      return tf.math.add(a, b);
    }
    List<Range> sums = new ArrayList<>(one.ranges);
    for (Range range : other.ranges) {
      int place = place(sums, range);
      if (place < sums.size() && sums.get(place).covers(range)) {
        Operand<TFloat32> sum = tf.math.add(sums.get(place).map, range.map);
        sums.set(place, new Range(range.first, range.count, sum));
      } else if ((place == 0 || sums.get(place - 1).end() <= range.first)
          && (place == sums.size() || range.end() <= sums.get(place).first)) {
        sums.add(place, range);
      } else {
        return tf.math.add(a, b);
      }
    }
    return new JoinedMaps(tf, one.channels, sums);
  }

  /** Of the first range that does not begin before another one. */
  private static int place(List<Range> ranges, Range other) {
    int place = 0;
    while (place < ranges.size() && ranges.get(place).first < other.first) {
      place++;
    }
    return place;
  }

  @Override
  public Output<TFloat32> asOutput() {
    if (whole == null) {
      whole = joined().asOutput();
    }
    return whole;
  }

  private Operand<TFloat32> joined() {
    int first = ranges.get(0).first;
    int end = ranges.get(ranges.size() - 1).end();
    List<Operand<TFloat32>> maps = new ArrayList<>();
    int next = first;
    for (Range range : ranges) {
      if (next < range.first) {
        maps.add(zeros(range.map, range.first - next));
      }
      maps.add(range.map);
      next = range.end();
    }
    Operand<TFloat32> all = maps.size() == 1 ? maps.get(0) : tf.concat(maps, tf.constant(-1));
    return first == 0 && end == channels
        ? all
        : ZeroChannels.padded(tf, all, first, channels - end);
  }

  /** {@code [B, H, W, count]} zeros for a gap, of the size of a map beside it. */
  private Operand<TFloat32> zeros(Operand<TFloat32> like, int count) {
    Operand<TFloat32> one =
        tf.zerosLike(tf.stridedSlice(like, Indices.ellipsis(), Indices.slice(0, 1)));
    return tf.tile(one, tf.constant(new int[] {1, 1, 1, count}));
  }

  @Override
  public Operation op() {
    return asOutput().op();
  }

  @Override
  public Class<TFloat32> type() {
    return TFloat32.class;
  }

  @Override
  public Shape shape() {
    return asOutput().shape();
  }

  private record Range(int first, int count, Operand<TFloat32> map) {
    int end() {
      return first + count;
    }

    boolean covers(Range other) {
      return first == other.first && count == other.count;
    }
  }
}
