package org.vnca.eval.damage;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.session.States;
import org.vnca.graph.spec.InvalidSetting;

/**
 * Damage to cell states. What is drawn at random for an image depends on the seed and the image's
 * number alone, not on what else is in the batch.
 */
public sealed interface Damage {

  /**
   * Damages one image's states.
   *
   * @param values {@code [.., side, side, channels]}, of which the image's begin at {@code from}
   */
  void harm(float[] values, int from, int side, int channels, Random random);

  /** What it is, in a few words. */
  String name();

  /**
   * Damaged copies of states.
   *
   * @param seed from which the draws follow
   * @param numbers of the images, {@code [N]}
   */
  default States of(States states, long seed, long[] numbers) {
    States damaged = states.copy();
    for (int i = 0; i < numbers.length; i++) {
      Random random = new Random(Stream.STUDY_DAMAGE.key(seed, name() + " " + numbers[i]));
      harm(damaged.values(), i * states.perImage(), states.side(), states.channels(), random);
    }
    return damaged;
  }

  /** Sets a rectangle of cells to zero. */
  private static void clear(
      float[] values, int from, int side, int channels, int top, int left, int height, int width) {
    for (int y = top; y < top + height; y++) {
      int first = from + (y * side + left) * channels;
      Arrays.fill(values, first, first + width * channels, 0f);
    }
  }

  /**
   * A square is set to zero, at any place (paper, section 3.3).
   *
   * @param side of the square, in cells
   */
  record Square(int side) implements Damage {
    public Square {
      InvalidSetting.requireAtLeast("side", side, 1);
    }

    @Override
    public void harm(float[] values, int from, int grid, int channels, Random random) {
      int within = Math.min(side, grid);
      int top = random.nextInt(grid - within + 1);
      int left = random.nextInt(grid - within + 1);
      clear(values, from, grid, channels, top, left, within, within);
    }

    @Override
    public String name() {
      return "square " + side;
    }
  }

  /** The right half is set to zero (paper, section 3.2). */
  record Half() implements Damage {
    @Override
    public void harm(float[] values, int from, int grid, int channels, Random random) {
      clear(values, from, grid, channels, 0, grid / 2, grid, grid - grid / 2);
    }

    @Override
    public String name() {
      return "right half";
    }
  }

  /**
   * Cells here and there are set to zero.
   *
   * @param share the probability of each
   */
  record Cells(double share) implements Damage {
    public Cells {
      requireShare(share);
    }

    private static void requireShare(double share) {
      if (!(share > 0 && share <= 1)) {
        throw new InvalidSetting("share", "must be above 0 and at most 1", share);
      }
    }

    @Override
    public void harm(float[] values, int from, int grid, int channels, Random random) {
      for (int cell = 0; cell < grid * grid; cell++) {
        if (random.nextDouble() < share) {
          clear(values, from, grid, channels, cell / grid, cell % grid, 1, 1);
        }
      }
    }

    @Override
    public String name() {
      return "cells %s%%"
          .formatted(
              BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString());
    }
  }

  /**
   * Gaussian noise is added to every channel of every cell.
   *
   * @param sigma its standard deviation
   */
  record Noise(double sigma) implements Damage {
    public Noise {
      InvalidSetting.requirePositive("sigma", sigma);
    }

    @Override
    public void harm(float[] values, int from, int grid, int channels, Random random) {
      for (int i = from; i < from + grid * grid * channels; i++) {
        values[i] += (float) (sigma * random.nextGaussian());
      }
    }

    @Override
    public String name() {
      return "noise " + sigma;
    }
  }

  /**
   * Several at once, each of what the one before left.
   *
   * @param all in their order
   */
  record Several(List<Damage> all) implements Damage {
    public Several {
      all = List.copyOf(all);
    }

    @Override
    public void harm(float[] values, int from, int grid, int channels, Random random) {
      all.forEach(damage -> damage.harm(values, from, grid, channels, random));
    }

    @Override
    public String name() {
      return all.stream().map(Damage::name).collect(Collectors.joining(" + "));
    }
  }
}
