package org.vnca.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  private static final double[] START = {-1.2, 1};

  /**
   * A step and the change of the gradient over it.
   *
   * @param s step
   * @param y change
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(double[] s, double[] y) {}

  @Test
  void iterates_areThoseOfBfgsWithWholeMatrices_ofTheLastTenPairs() {
    for (int most = 1; most <= 24; most++) {
      Lbfgs.Minimum found = Lbfgs.minimize(LbfgsTest::valley, START, 0, most);
      double[] expected = byMatrices(most);
      assertThat(found.iterations()).isEqualTo(most);
      assertThat(found.point()[0]).as("x after %d", most).isCloseTo(expected[0], within(1e-7));
      assertThat(found.point()[1]).as("y after %d", most).isCloseTo(expected[1], within(1e-7));
      assertThat(found.value()).isEqualTo(valley(found.point(), new double[2]));
    }
  }

  @Test
  void floorOfTheValley_isFound() {
    Lbfgs.Minimum found = Lbfgs.minimize(LbfgsTest::valley, START, 1e-8, 200);
    assertThat(found.converged()).isTrue();
    assertThat(found.point()[0]).isCloseTo(1, within(1e-6));
    assertThat(found.point()[1]).isCloseTo(1, within(1e-6));
    assertThat(found.iterations()).isLessThan(80);
    Lbfgs.Minimum early = Lbfgs.minimize(LbfgsTest::valley, START, 1e-8, 3);
    assertThat(early.converged()).isFalse();
    assertThat(early.iterations()).isEqualTo(3);
  }

  @Test
  void gradientAsSmallAsWanted_endsItAtOnce() {
    double[] gradient = new double[2];
    valley(START, gradient);
    double largest = Math.max(Math.abs(gradient[0]), Math.abs(gradient[1]));
    Lbfgs.Minimum atOnce = Lbfgs.minimize(LbfgsTest::valley, START, largest, 5);
    assertThat(atOnce.iterations()).isZero();
    assertThat(atOnce.converged()).isTrue();
    assertThat(atOnce.point()).containsExactly(START);
    assertThat(Lbfgs.minimize(LbfgsTest::valley, START, largest * 0.999, 1).iterations()).isOne();
  }

  @Test
  void functionThatDoesNotFall_endsIt() {
    Lbfgs.Objective wrongSign =
        (x, gradient) -> {
          gradient[0] = -1;
          return x[0];
        };
    Lbfgs.Minimum found = Lbfgs.minimize(wrongSign, new double[] {3}, 1e-8, 5);
    assertThat(found.point()).containsExactly(3);
    assertThat(found.iterations()).isZero();
    assertThat(found.converged()).isTrue();
  }

  /** Rosenbrock's valley. */
  private static double valley(double[] x, double[] gradient) {
    double across = x[1] - x[0] * x[0];
    gradient[0] = -400 * x[0] * across - 2 * (1 - x[0]);
    gradient[1] = 200 * across;
    return 100 * across * across + (1 - x[0]) * (1 - x[0]);
  }

  /**
   * BFGS as textbooks give it: H = (I - r s y') H (I - r y s') + r s s' with r = 1 / y's, from a
   * multiple of the unit matrix, for each pair whose curvature y's is positive.
   */
  private static double[] byMatrices(int iterations) {
    List<Pair> pairs = new ArrayList<>();
    double[] x = START.clone();
    double[] g = new double[2];
    double value = valley(x, g);
    for (int i = 0; i < iterations; i++) {
      double[][] h = inverseHessian(pairs);
      double[] p = {-h[0][0] * g[0] - h[0][1] * g[1], -h[1][0] * g[0] - h[1][1] * g[1]};
      double slope = dot(p, g);
      double length = pairs.isEmpty() ? 1 / Math.sqrt(dot(g, g)) : 1;
      double[] gNext = new double[2];
      double[] next = {x[0] + length * p[0], x[1] + length * p[1]};
      double valueNext = valley(next, gNext);
      while (valueNext > value + 1e-4 * length * slope) {
        length /= 2;
        next = new double[] {x[0] + length * p[0], x[1] + length * p[1]};
        valueNext = valley(next, gNext);
      }
      Pair pair =
          new Pair(
              new double[] {next[0] - x[0], next[1] - x[1]},
              new double[] {gNext[0] - g[0], gNext[1] - g[1]});
      if (dot(pair.s(), pair.y()) > 0) {
        pairs.add(pair);
      }
      if (pairs.size() > 10) {
        pairs.remove(0);
      }
      x = next;
      g = gNext;
      value = valueNext;
    }
    return x;
  }

  private static double[][] inverseHessian(List<Pair> pairs) {
    if (pairs.isEmpty()) {
      return new double[][] {{1, 0}, {0, 1}};
    }
    Pair newest = pairs.get(pairs.size() - 1);
    double scale = dot(newest.s(), newest.y()) / dot(newest.y(), newest.y());
    double[][] h = {{scale, 0}, {0, scale}};
    for (Pair pair : pairs) {
      double r = 1 / dot(pair.s(), pair.y());
      double[][] left = new double[2][2];
      double[][] right = new double[2][2];
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          double one = i == j ? 1 : 0;
          left[i][j] = one - r * pair.s()[i] * pair.y()[j];
          right[i][j] = one - r * pair.y()[i] * pair.s()[j];
        }
      }
      h = product(product(left, h), right);
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          h[i][j] += r * pair.s()[i] * pair.s()[j];
        }
      }
    }
    return h;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] result = new double[2][2];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        result[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j];
      }
    }
    return result;
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1];
  }
}
