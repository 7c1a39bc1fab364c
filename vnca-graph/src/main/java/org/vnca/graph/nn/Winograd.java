package org.vnca.graph.nn;

import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.spec.Precision;

/**
 * The three products of a 3x3 convolution that keeps the grid's size, by Winograd's F(4x4, 3x3)
 * (Lavin and Gray 2016): the grid is cut into tiles of 4x4 results, each read from 6x6 cells; both
 * tile and kernel are evaluated at 36 points, multiplied there as matrices of channels, and put
 * together again. 36 multiplications take the place of 144.
 *
 * <p>A tile's cells are gathered with the points first, {@code [36, tiles, channels]}, so that
 * every transform is one matrix product over long rows; that, not the arithmetic, decides whether
 * it is fast.
 *
 * <p>The points, in each direction, are 0, 3/4, -3/4, 4/3, -4/3 and infinity. They lose less than
 * the usual 1, -1, 2, -2 (1.7e-6 of the results' spread against 3.3e-6), and the reciprocal of each
 * is one of them: so the kernel that is turned by 180 degrees, which the input's gradient needs,
 * has the same values in another order, and is not transformed again.
 *
 * @param side of the square grid, a multiple of 4
 * @param in channels of the input
 * @param out channels of the output
 */
record Winograd(int side, int in, int out) implements Products {
  /** Results of a tile in one direction. */
  private static final int TILE = 4;

  private static final int KERNEL = 3;

  /** Cells that a tile reads in one direction, and points. */
  private static final int POINTS = TILE + KERNEL - 1;

  /** On smaller grids, and with fewer channels, the transforms take what the products save. */
  private static final int SMALLEST_SIDE = 16;

  private static final int FEWEST_CHANNELS = 96;

  private static final double[] FINITE = {0, 0.75, -0.75, 4.0 / 3, -4.0 / 3};

  /** Which point is the reciprocal of each. */
  private static final int[] RECIPROCAL = {5, 3, 4, 1, 2, 0};

  private static final double[][] OF_KERNEL = ofKernel();
  private static final double[][] OF_INPUT = ofInput();
  private static final double[][] TO_OUTPUT = toOutput();

  /** The input's transform where the kernel is turned: its points in the order of reciprocals. */
  private static final double[][] OF_INPUT_TURNED = ofInputTurned();

  private static final double[][] TO_OUTPUT_TURNED = toOutputTurned();

  /** Whether it gains. */
  static boolean gains(int side, int kernel, int in, int out, Precision precision) {
    return kernel == KERNEL
        && Math.min(in, out) >= FEWEST_CHANNELS
        && side >= SMALLEST_SIDE
        && side % TILE == 0
        && precision == Precision.FLOAT32;
  }

  /**
   * The kernel at the points.
   *
   * @return {@code [36, in, out]}
   */
  @Override
  public Operand<?> prepared(Ops tf, Operand<TFloat32> weight) {
    Operand<TFloat32> rows = tf.reshape(weight, tf.constant(new int[] {KERNEL * KERNEL, in * out}));
    return tf.reshape(
        tf.linalg.matMul(both(tf, OF_KERNEL), rows),
        tf.constant(new int[] {POINTS * POINTS, in, out}));
  }

  /**
   * The input's tiles at the points.
   *
   * @return {@code [36, tiles, in]}
   */
  @Override
  public Operand<?> inputForm(Ops tf, Operand<?> x) {
    return points(tf, Loop.typed(x), in, OF_INPUT);
  }

  @Override
  public Operand<TFloat32> output(Ops tf, Operand<?> x, Operand<?> kernel) {
    return assembled(
        tf, product(tf, Loop.typed(x), Loop.typed(kernel), false, false), out, TO_OUTPUT);
  }

  /** The convolution of {@code dy} with the turned kernel. */
  @Override
  public Operand<TFloat32> ofInput(Ops tf, Operand<?> x, Operand<?> kernel, Operand<?> dy) {
    Operand<TFloat32> points = points(tf, Loop.typed(dy), out, OF_INPUT_TURNED);
    return assembled(
        tf, product(tf, points, Loop.typed(kernel), false, true), in, TO_OUTPUT_TURNED);
  }

  @Override
  public Operand<TFloat32> ofKernel(Ops tf, Operand<?> x, Operand<?> dy) {
    Operand<TFloat32> results =
        gathered(tf, Loop.typed(dy), out, resultsOfTiles(), TILE * TILE, side);
    Operand<TFloat32> dPoints =
        tf.reshape(
            tf.linalg.matMul(both(tf, TO_OUTPUT), results, MatMul.transposeA(true)),
            tf.constant(new int[] {POINTS * POINTS, -1, out}));
    Operand<TFloat32> sums = product(tf, Loop.typed(x), dPoints, true, false);
    return tf.reshape(
        tf.linalg.matMul(
            both(tf, OF_KERNEL),
            tf.reshape(sums, tf.constant(new int[] {POINTS * POINTS, in * out})),
            MatMul.transposeA(true)),
        tf.constant(new int[] {KERNEL, KERNEL, in, out}));
  }

  /** Tiles at the points: {@code [36, tiles, channels]}. */
  private Operand<TFloat32> points(
      Ops tf, Operand<TFloat32> x, int channels, double[][] transform) {
    Operand<TFloat32> padded =
        tf.pad(x, tf.constant(new int[][] {{0, 0}, {1, 1}, {1, 1}, {0, 0}}), tf.constant(0f));
    Operand<TFloat32> cells =
        gathered(tf, padded, channels, cellsOfTiles(), POINTS * POINTS, side + 2);
    return tf.reshape(
        tf.linalg.matMul(both(tf, transform), cells),
        tf.constant(new int[] {POINTS * POINTS, -1, channels}));
  }

  /**
   * Cells in the order of tiles.
   *
   * @param x {@code [B, width, width, channels]}
   * @param rows where each cell of each tile of an image is, first axis the place within the tile
   * @return {@code [places, B tiles channels]}
   */
  private Operand<TFloat32> gathered(
      Ops tf, Operand<TFloat32> x, int channels, int[] rows, int places, int width) {
    Operand<TInt32> index =
        tf.math.add(
            tf.constant(shaped(rows, places)),
            tf.reshape(
                tf.math.mul(
                    tf.range(tf.constant(0), batch(tf, x), tf.constant(1)),
                    tf.constant(width * width)),
                tf.constant(new int[] {1, -1, 1})));
    return tf.reshape(rows(tf, x, channels, index), tf.constant(new int[] {places, -1}));
  }

  /**
   * From the points back to the grid.
   *
   * @param points {@code [36, tiles, channels]}
   */
  private Operand<TFloat32> assembled(
      Ops tf, Operand<TFloat32> points, int channels, double[][] back) {
    Operand<TFloat32> results =
        tf.linalg.matMul(
            both(tf, back), tf.reshape(points, tf.constant(new int[] {POINTS * POINTS, -1})));
    int tiles = side / TILE * (side / TILE);
    int[] place = new int[side * side];
    int[] tile = new int[side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        place[y * side + x] = y % TILE * TILE + x % TILE;
        tile[y * side + x] = y / TILE * (side / TILE) + x / TILE;
      }
    }
    // Row (place, image, tile) holds a result of all tiles of all images.
    Operand<TInt32> all = tf.stridedSlice(tf.shape(points), Indices.at(1));
    Operand<TInt32> index =
        tf.math.add(
            tf.math.add(tf.math.mul(tf.constant(place), all), tf.constant(tile)),
            tf.reshape(
                tf.range(tf.constant(0), all, tf.constant(tiles)), tf.constant(new int[] {-1, 1})));
    return tf.reshape(
        rows(tf, results, channels, index), tf.constant(new int[] {-1, side, side, channels}));
  }

  /** Rows of cells in an order: {@code [index..., channels]}. */
  private static Operand<TFloat32> rows(
      Ops tf, Operand<TFloat32> x, int channels, Operand<TInt32> index) {
    Operand<TFloat32> rows = tf.reshape(x, tf.constant(new int[] {-1, channels}));
    return tf.gather(rows, index, tf.constant(0));
  }

  private static Operand<TInt32> batch(Ops tf, Operand<?> x) {
    return tf.stridedSlice(tf.shape(x), Indices.at(0));
  }

  private int[] cellsOfTiles() {
    return ofTiles(POINTS, side + 2);
  }

  private int[] resultsOfTiles() {
    return ofTiles(TILE, side);
  }

  /** For each place in a tile of some extent, then each tile, the cell's row within an image. */
  private int[] ofTiles(int extent, int width) {
    int across = side / TILE;
    int[] rows = new int[extent * extent * across * across];
    int i = 0;
    for (int y = 0; y < extent; y++) {
      for (int x = 0; x < extent; x++) {
        for (int tile = 0; tile < across * across; tile++) {
          rows[i++] = (tile / across * TILE + y) * width + tile % across * TILE + x;
        }
      }
    }
    return rows;
  }

  private static int[][][] shaped(int[] rows, int places) {
    int tiles = rows.length / places;
    int[][][] shaped = new int[places][1][tiles];
    for (int i = 0; i < rows.length; i++) {
      shaped[i / tiles][0][i % tiles] = rows[i];
    }
    return shaped;
  }

  /**
   * Matrix products side by side. TensorFlow Java offers the third version of the operation only,
   * which oneDNN does not compute.
   */
  private static Operand<TFloat32> product(
      Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, boolean transposeA, boolean transposeB) {
    OperationBuilder builder =
        tf.scope()
            .opBuilder("BatchMatMulV2", "BatchMatMul")
            .addInput(a.asOutput())
            .addInput(b.asOutput())
            .setAttr("adj_x", transposeA)
            .setAttr("adj_y", transposeB);
    return builder.build().output(0);
  }

  /** The same transform in both directions. */
  private static Operand<TFloat32> both(Ops tf, double[][] one) {
    int rows = one.length;
    int columns = one[0].length;
    float[][] both = new float[rows * rows][columns * columns];
    for (int i = 0; i < rows * rows; i++) {
      for (int j = 0; j < columns * columns; j++) {
        both[i][j] = (float) (one[i / rows][j / columns] * one[i % rows][j % columns]);
      }
    }
    return tf.constant(both);
  }

  /** {@code [6][3]}: the kernel as a polynomial, at each point, over {@link #distances}. */
  private static double[][] ofKernel() {
    double[][] at = new double[POINTS][KERNEL];
    for (int i = 0; i < FINITE.length; i++) {
      for (int k = 0; k < KERNEL; k++) {
        at[i][k] = Math.pow(FINITE[i], k) / distances(i);
      }
    }
    at[POINTS - 1][KERNEL - 1] = 1;
    return at;
  }

  /** {@code [6][6]}: row i holds the polynomial whose roots are the other points. */
  private static double[][] ofInput() {
    double[][] rows = new double[POINTS][];
    for (int i = 0; i < POINTS; i++) {
      double[] product = new double[POINTS];
      product[0] = 1;
      for (int j = 0; j < FINITE.length; j++) {
        if (j != i) {
          for (int k = POINTS - 1; k >= 0; k--) {
            product[k] = (k > 0 ? product[k - 1] : 0) - FINITE[j] * product[k];
          }
        }
      }
      rows[i] = product;
    }
    return rows;
  }

  /** {@code [4][6]}: the powers of the points. */
  private static double[][] toOutput() {
    double[][] rows = new double[TILE][POINTS];
    for (int k = 0; k < TILE; k++) {
      for (int i = 0; i < FINITE.length; i++) {
        rows[k][i] = Math.pow(FINITE[i], k);
      }
    }
    rows[TILE - 1][POINTS - 1] = 1;
    return rows;
  }

  private static double[][] ofInputTurned() {
    double[][] rows = new double[POINTS][POINTS];
    for (int i = 0; i < POINTS; i++) {
      for (int k = 0; k < POINTS; k++) {
        rows[RECIPROCAL[i]][k] = turn(i) * OF_INPUT[i][k];
      }
    }
    return rows;
  }

  private static double[][] toOutputTurned() {
    double[][] rows = new double[TILE][POINTS];
    for (int k = 0; k < TILE; k++) {
      for (int i = 0; i < POINTS; i++) {
        rows[k][RECIPROCAL[i]] = TO_OUTPUT[k][i];
      }
    }
    return rows;
  }

  /** The turned kernel at point i is this times the kernel at its reciprocal. */
  private static double turn(int i) {
    if (FINITE.length == i) {
      return distances(0);
    }
    return i == 0
        ? 1 / distances(0)
        : FINITE[i] * FINITE[i] * distances(RECIPROCAL[i]) / distances(i);
  }

  /** The product of a finite point's distances from the other finite ones. */
  private static double distances(int i) {
    double product = 1;
    for (int j = 0; j < FINITE.length; j++) {
      product *= j == i ? 1 : FINITE[i] - FINITE[j];
    }
    return product;
  }
}
