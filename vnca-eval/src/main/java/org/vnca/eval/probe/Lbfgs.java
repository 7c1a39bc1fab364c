package org.vnca.eval.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth function: limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5) with a
 * line search that halves the step until the function has fallen enough (Armijo's condition).
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final double ENOUGH = 1e-4;
  private static final int HALVINGS = 40;

  private Lbfgs() {}

  /** A function with its gradient. */
  interface Objective {
    /**
     * The value at a point.
     *
     * @param gradient is filled
     */
    double at(double[] point, double[] gradient);
  }

  /**
   * Where it ended.
   *
   * @param point the best point
   * @param value there
   * @param iterations steps taken
   * @param converged whether the gradient is as small as was wanted, or rounding ends the descent
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Minimum(double[] point, double value, int iterations, boolean converged) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(double[] step, double[] change, double inverse) {}

  /**
   * Minimises.
   *
   * @param start is not changed
   * @param tolerance of the largest absolute value in the gradient
   * @param most iterations
   */
  static Minimum minimize(Objective objective, double[] start, double tolerance, int most) {
    double[] point = start.clone();
    double[] gradient = new double[point.length];
    double value = objective.at(point, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    for (int iteration = 0; iteration < most; iteration++) {
      if (largest(gradient) <= tolerance) {
        return new Minimum(point, value, iteration, true);
      }
      double[] direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
      double[] next = point;
      double[] nextGradient = new double[point.length];
      double nextValue = Double.POSITIVE_INFINITY;
      for (int i = 0; i < HALVINGS && !(nextValue <= value + ENOUGH * length * slope); i++) {
        length = i == 0 ? length : length / 2;
        next = along(point, direction, length);
        nextValue = objective.at(next, nextGradient);
      }
      if (!(nextValue < value)) {
        return new Minimum(point, value, iteration, true);
      }
      remember(pairs, along(next, point, -1), along(nextGradient, gradient, -1));
      point = next;
      gradient = nextGradient;
      value = nextValue;
    }
    return new Minimum(point, value, most, largest(gradient) <= tolerance);
  }

  /** Only a pair of positive curvature keeps the direction a descent. */
  private static void remember(Deque<Pair> pairs, double[] step, double[] change) {
    double curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) {
      pairs.addFirst(new Pair(step, change, 1 / curvature));
      if (pairs.size() > MEMORY) {
        pairs.removeLast();
      }
    }
  }

  /** The two-loop recursion; the newest pair comes first. */
  private static double[] direction(double[] gradient, Deque<Pair> pairs) {
    double[] q = gradient.clone();
    Deque<Double> factors = new ArrayDeque<>();
    for (Pair pair : pairs) {
      double factor = pair.inverse() * dot(pair.step(), q);
      factors.addFirst(factor);
      q = along(q, pair.change(), -factor);
    }
    double scale = -1;
    if (!pairs.isEmpty()) {
      Pair newest = pairs.getFirst();
      scale = -1 / (newest.inverse() * dot(newest.change(), newest.change()));
    }
    double[] direction = along(new double[q.length], q, scale);
    Iterator<Pair> oldestFirst = pairs.descendingIterator();
    for (double factor : factors) {
      Pair pair = oldestFirst.next();
      double back = pair.inverse() * dot(pair.change(), direction);
      direction = along(direction, pair.step(), -factor - back);
    }
    return direction;
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  private static double[] along(double[] from, double[] direction, double length) {
    double[] point = new double[from.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = from[i] + length * direction[i];
    }
    return point;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
