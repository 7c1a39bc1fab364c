package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.Description;

/**
 * Filters that are not trained, of each channel alone, in float32 in any precision: how the cells
 * of growing neural cellular automata perceive their neighbours (Mordvintsev et al. 2020). The map
 * keeps its size; beyond it are zeros.
 *
 * @param in channels of the input
 * @param filters each as rows of numbers, square, all of the same odd side; output channel {@code c
 *     n + k} is filter k of n on channel c
 */
public record FixedConvolution(int in, List<List<List<Double>>> filters) implements Layer {
  private static final List<Long> ONE_BY_ONE = List.of(1L, 1L, 1L, 1L);
  private static final String SAME = "SAME";

  public FixedConvolution {
    List<List<List<Double>>> copies = new ArrayList<>();
    for (List<List<Double>> filter : filters) {
      int side = filters.get(0).size();
      if (side % 2 == 0 || filter.size() != side) {
        throw new IllegalArgumentException("filters must all be squares of the same odd side");
      }
      for (List<Double> row : filter) {
        if (row.size() != side) {
          throw new IllegalArgumentException("filters must all be squares of the same odd side");
        }
      }
      copies.add(filter.stream().map(List::copyOf).toList());
    }
    if (copies.isEmpty()) {
      throw new IllegalArgumentException("there must be a filter");
    }
    filters = List.copyOf(copies);
  }

  /**
   * The cell itself, and Sobel's estimates of how fast it changes along a row and along a column:
   * the perception of growing neural cellular automata.
   */
  public static FixedConvolution sobel(int in) {
    double[][] cell = {{0, 0, 0}, {0, 1, 0}, {0, 0, 0}};
    double[][] along = {{-0.125, 0, 0.125}, {-0.25, 0, 0.25}, {-0.125, 0, 0.125}};
    double[][] down = {{-0.125, -0.25, -0.125}, {0, 0, 0}, {0.125, 0.25, 0.125}};
    return new FixedConvolution(in, List.of(rows(cell), rows(along), rows(down)));
  }

  private static List<List<Double>> rows(double[][] filter) {
    return Arrays.stream(filter).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  @Override
  public Forward forward(Ops tf, Operand<?> x, Weights weights) {
    Operand<TFloat32> map = Rounding.float32(tf, x);
    return new Forward(
        tf.nn.depthwiseConv2dNative(map, kernel(tf), ONE_BY_ONE, SAME), Saved.NOTHING);
  }

  @Override
  public Backward backward(Ops tf, Saved saved, Weights weights, Operand<TFloat32> dy) {
    Operand<TInt32> grid =
        tf.slice(tf.shape(dy), tf.constant(new int[] {0}), tf.constant(new int[] {3}));
    Operand<TInt32> sizes = tf.concat(List.of(grid, tf.constant(new int[] {in})), tf.constant(0));
    return new Backward(
        tf.nn.depthwiseConv2dNativeBackpropInput(sizes, kernel(tf), dy, ONE_BY_ONE, SAME),
        Gradients.NONE);
  }

  /** {@code [side, side, in, filters]}. */
  private Operand<TFloat32> kernel(Ops tf) {
    int side = filters.get(0).size();
    float[][][][] kernel = new float[side][side][in][filters.size()];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        for (int c = 0; c < in; c++) {
          for (int k = 0; k < filters.size(); k++) {
            kernel[y][x][c][k] = filters.get(k).get(y).get(x).floatValue();
          }
        }
      }
    }
    return tf.constant(kernel);
  }

  @Override
  public Description description() {
    return Description.of("fixed-convolution").with("in", in).with("filters", filters);
  }

  @Override
  public MapShape output(MapShape input) {
    return input.withChannels(in * filters.size());
  }

  @Override
  public long flops(MapShape input) {
    int side = filters.get(0).size();
    return 2L * side * side * in * filters.size() * input.cells();
  }
}
