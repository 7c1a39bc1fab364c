package org.vnca.eval.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnca.graph.session.States;
import org.vnca.graph.spec.InvalidSetting;

class DamageTest {
  private static final int SIDE = 8;
  private static final int CHANNELS = 3;

  static List<Damage> all() {
    return List.of(
        new Damage.Square(4),
        new Damage.Half(),
        new Damage.Cells(0.25),
        new Damage.Noise(0.5),
        new Damage.Several(List.of(new Damage.Square(3), new Damage.Noise(0.1))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void damageOfAnImage_dependsOnItsNumberAndTheSeedAlone(Damage damage) {
    States three = ones(3);
    float[] values = damage.of(three, 5, new long[] {10, 20, 30}).values();
    float[] alone = damage.of(ones(1), 5, new long[] {20}).values();
    int size = three.perImage();
    assertThat(Arrays.copyOfRange(values, size, 2 * size)).isEqualTo(alone);
    assertThat(three.values()).containsOnly(1f);
    if (!(damage instanceof Damage.Half)) {
      assertThat(Arrays.copyOfRange(values, 0, size)).isNotEqualTo(alone);
      assertThat(damage.of(ones(1), 6, new long[] {20}).values()).isNotEqualTo(alone);
    }
  }

  @Test
  void square_clearsAWholeSquareOfCells_anywhere() {
    boolean[] tops = new boolean[SIDE];
    boolean[] lefts = new boolean[SIDE];
    for (long number = 0; number < 200; number++) {
      float[] values = new Damage.Square(4).of(ones(1), 1, new long[] {number}).values();
      int first = -1;
      int cleared = 0;
      for (int cell = 0; cell < SIDE * SIDE; cell++) {
        boolean zero = values[cell * CHANNELS] == 0;
        assertThat(values[cell * CHANNELS + 2] == 0).isEqualTo(zero);
        first = zero && first < 0 ? cell : first;
        cleared += zero ? 1 : 0;
        if (zero) {
          assertThat(cell / SIDE - first / SIDE).isBetween(0, 3);
          assertThat(cell % SIDE - first % SIDE).isBetween(0, 3);
        }
      }
      assertThat(cleared).isEqualTo(16);
      tops[first / SIDE] = true;
      lefts[first % SIDE] = true;
    }
    assertThat(lefts).containsExactly(true, true, true, true, true, false, false, false);
    assertThat(tops).containsExactly(true, true, true, true, true, false, false, false);
  }

  @Test
  void half_isTheRightOne() {
    float[] values = new Damage.Half().of(ones(1), 1, new long[] {0}).values();
    for (int cell = 0; cell < SIDE * SIDE; cell++) {
      assertThat(values[cell * CHANNELS + 1]).isEqualTo(cell % SIDE < 4 ? 1f : 0f);
    }
  }

  @Test
  void cells_clearTheirShare_andNoiseHasItsSigma() {
    long[] numbers = new long[100];
    Arrays.setAll(numbers, i -> i);
    float[] cells = new Damage.Cells(0.25).of(ones(100), 1, numbers).values();
    double zeros = 0;
    for (float value : cells) {
      zeros += value == 0 ? 1.0 / cells.length : 0;
    }
    assertThat(zeros).isCloseTo(0.25, within(0.02));
    float[] noisy = new Damage.Noise(0.5).of(ones(100), 1, numbers).values();
    double mean = 0;
    double square = 0;
    for (float value : noisy) {
      mean += (value - 1.0) / noisy.length;
      square += (value - 1.0) * (value - 1.0) / noisy.length;
    }
    assertThat(mean).isCloseTo(0, within(0.02));
    assertThat(Math.sqrt(square)).isCloseTo(0.5, within(0.02));
  }

  /** What is drawn for an image is keyed by the name: with another, a study cannot be repeated. */
  @Test
  void names_areThoseThatDrawsAreKeyedBy() {
    assertThat(all())
        .extracting(Damage::name)
        .containsExactly(
            "square 4", "right half", "cells 25%", "noise 0.5", "square 3 + noise 0.1");
    assertThat(new Damage.Cells(0.125).name()).isEqualTo("cells 12.5%");
  }

  @Test
  void noise_isAddedInTheOrderOfTheDraws() {
    float[] values = {9, 1, 2, 3, 4, 9};
    new Damage.Noise(0.5).harm(values, 1, 2, 1, new Random(3));
    Random again = new Random(3);
    assertThat(values[0]).isEqualTo(9);
    for (int i = 1; i < 5; i++) {
      assertThat(values[i]).isEqualTo(i + (float) (0.5 * again.nextGaussian()));
    }
    assertThat(values[5]).isEqualTo(9);
  }

  @Test
  void sizes_haveTheirLimits() {
    assertThat(new Damages(0, 1, 0.1, 2).on(8).squareSide()).isEqualTo(4);
    assertThat(new Damages(8, 1, 0.1, 2).on(8).squareSide()).isEqualTo(8);
    assertThat(Damages.DEFAULT.on(1).squareSide()).isEqualTo(1);
    assertThatThrownBy(() -> new Damages(9, 1, 0.1, 2).on(8))
        .hasMessageContaining("must be at most 8, the side of the grid");
    assertThatThrownBy(() -> new Damages(-1, 1, 0.1, 2)).hasMessageStartingWith("square-side");
    assertThatThrownBy(() -> new Damages(0, 0, 0.1, 2)).hasMessageStartingWith("cell-share");
    assertThatThrownBy(() -> new Damages(0, 1.1, 0.1, 2)).hasMessageStartingWith("cell-share");
    assertThatThrownBy(() -> new Damages(0, 1, 0, 2)).hasMessageStartingWith("noise-sigma");
    assertThatThrownBy(() -> new Damages(0, 1, 0.1, 1)).hasMessageStartingWith("squares-in-row");
    assertThatThrownBy(() -> new Damage.Noise(0)).hasMessageStartingWith("sigma must be");
  }

  @Test
  void treatments_areOneOfEachKind_andSeveralSquaresInARow() {
    Map<String, List<Damage>> treatments = new Damages(3, 0.25, 0.5, 2).treatments();
    assertThat(treatments.keySet())
        .containsExactly("square 3", "right half", "cells 25%", "noise 0.5", "2 x square 3");
    assertThat(treatments.get("2 x square 3"))
        .containsExactly(new Damage.Square(3), new Damage.Square(3));
  }

  @Test
  void bootstrap_coversTheMean_andIsTheSameTwice() {
    float[] values = new float[400];
    Random random = new Random(4);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 + random.nextGaussian());
    }
    Bootstrap.Interval interval = new Bootstrap(400, 1).of(values);
    assertThat(interval.low()).isLessThan(interval.mean());
    assertThat(interval.high()).isGreaterThan(interval.mean());
    // 2 x 1.96 standard errors of 1 / sqrt(400).
    assertThat(interval.high() - interval.low()).isCloseTo(0.196, within(0.03));
    assertThat(new Bootstrap(400, 1).of(values)).isEqualTo(interval);
    assertThat(new Bootstrap(400, 2).of(values)).isNotEqualTo(interval);
    values[3] = Float.NaN;
    assertThat(new Bootstrap(400, 1).of(values).mean()).isNaN();
  }

  @Test
  void impossibleDamage_isRefused() {
    assertThatThrownBy(() -> new Damage.Cells(0))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("share must be above 0 and at most 1, but is 0.0");
    assertThatThrownBy(() -> new Damage.Square(0)).hasMessage("side must be at least 1, but is 0");
  }

  private static States ones(int count) {
    float[] values = new float[count * SIDE * SIDE * CHANNELS];
    Arrays.fill(values, 1f);
    return new States(count, SIDE, CHANNELS, values);
  }
}
