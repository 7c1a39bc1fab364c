package org.vnca.eval.figure;

import java.util.Arrays;

/** Points of the plane in squares within squares, each with its centre of mass. */
final class QuadTree {
  private static final int DEEPEST = 48;

  private final double[][] points;
  private int size;
  private double[] width;
  private double[] massX;
  private double[] massY;
  private int[] mass;

  /** The first of a square's four parts, 0 if it is not divided. */
  private int[] parts;

  QuadTree(double[][] points) {
    this.points = points;
    int room = 8 * points.length + 64;
    width = new double[room];
    massX = new double[room];
    massY = new double[room];
    mass = new int[room];
    parts = new int[room];
    double x = Arrays.stream(points).mapToDouble(p -> p[0]).min().orElse(0);
    double y = Arrays.stream(points).mapToDouble(p -> p[1]).min().orElse(0);
    double right = Arrays.stream(points).mapToDouble(p -> p[0]).max().orElse(0);
    double top = Arrays.stream(points).mapToDouble(p -> p[1]).max().orElse(0);
    int[] order = new int[points.length];
    Arrays.setAll(order, i -> i);
    size = 1;
    fill(0, order, x, y, Math.max(Math.max(right - x, top - y), 1e-12), 0);
  }

  private void fill(int node, int[] inside, double x, double y, double side, int depth) {
    width[node] = side;
    mass[node] = inside.length;
    for (int i : inside) {
      massX[node] += points[i][0] / inside.length;
      massY[node] += points[i][1] / inside.length;
    }
    if (inside.length <= 1 || depth == DEEPEST) {
      return;
    }
    int first = size;
    size += 4;
    if (size > width.length) {
      grow();
    }
    parts[node] = first;
    double half = side / 2;
    for (int quarter = 0; quarter < 4; quarter++) {
      boolean right = quarter % 2 == 1;
      boolean upper = quarter > 1;
      int[] part =
          Arrays.stream(inside)
              .filter(i -> points[i][0] > x + half == right && points[i][1] > y + half == upper)
              .toArray();
      fill(first + quarter, part, right ? x + half : x, upper ? y + half : y, half, depth + 1);
    }
  }

  private void grow() {
    width = Arrays.copyOf(width, 2 * size);
    massX = Arrays.copyOf(massX, 2 * size);
    massY = Arrays.copyOf(massY, 2 * size);
    mass = Arrays.copyOf(mass, 2 * size);
    parts = Arrays.copyOf(parts, 2 * size);
  }

  /**
   * Sums over all points, with w = 1 / (1 + distance^2): of w^2 times the difference, and of w, the
   * point itself included.
   *
   * @param theta a square as wide as theta times its distance, or less, counts as one point
   * @param sums x, y and w, filled in
   */
  void repulsion(double[] point, double theta, double[] sums) {
    Arrays.fill(sums, 0);
    int[] open = new int[4 * DEEPEST + 4];
    int count = 1;
    while (count > 0) {
      int node = open[--count];
      if (mass[node] == 0) {
        continue;
      }
      double dx = point[0] - massX[node];
      double dy = point[1] - massY[node];
      double square = dx * dx + dy * dy;
      if (parts[node] == 0 || width[node] * width[node] < theta * theta * square) {
        double w = 1 / (1 + square);
        sums[0] += mass[node] * w * w * dx;
        sums[1] += mass[node] * w * w * dy;
        sums[2] += mass[node] * w;
      } else {
        for (int quarter = 0; quarter < 4; quarter++) {
          open[count++] = parts[node] + quarter;
        }
      }
    }
  }
}
