package org.vnca.eval.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  /** The definition, with the draws in the order that the class says: image by image, by draw. */
  @Test
  void interval_isThatOfThePercentilesOfTheDraws() {
    float[] values = {0, 1, 2, 4, 8, 16, 32};
    SplittableRandom random = new SplittableRandom(9);
    double[] means = new double[1000];
    for (int draw = 0; draw < means.length; draw++) {
      for (int i = 0; i < values.length; i++) {
        means[draw] += values[random.nextInt(values.length)] / 7.0;
      }
    }
    Arrays.sort(means);
    Bootstrap.Interval interval = new Bootstrap(7, 9).of(values);
    assertThat(interval.mean()).isEqualTo(9);
    // 25 of 1000 are below, and 25 above.
    assertThat(interval.low()).isCloseTo(means[25], within(1e-9));
    assertThat(interval.high()).isCloseTo(means[974], within(1e-9));
  }

  @Test
  void ofEqualValues_thereIsNoSpread() {
    assertThat(new Bootstrap(3, 1).of(new float[] {2, 2, 2}))
        .isEqualTo(new Bootstrap.Interval(2, 2, 2));
  }

  @Test
  void anInfiniteValue_makesEverythingNoNumber() {
    assertThat(new Bootstrap(2, 1).of(new float[] {1, Float.POSITIVE_INFINITY}))
        .isEqualTo(new Bootstrap.Interval(Double.NaN, Double.NaN, Double.NaN));
  }

  @Test
  void course_keepsWhatWasSeen_andComparesAfterAsManySteps() {
    Treatment control = new Treatment("none", List.of(), 2);
    Treatment treatment = new Treatment("half", List.of(new Damage.Half()), 2);
    IntStream.range(0, 4)
        .forEach(
            step -> {
              control.note(step, step, 0, 10 * step, 1);
              control.note(step, step, 1, 100 * step, 2);
            });
    treatment.note(0, 0, 0, 5, 0.5);
    treatment.note(0, 0, 1, 7, 0.25);
    treatment.note(1, 2, 0, 23, 3);
    treatment.note(1, 2, 1, 190, 4);
    assertThat(treatment.moments()).isEqualTo(2);
    assertThat(treatment.step(1)).isEqualTo(2);
    assertThat(treatment.distances(0)).containsExactly(5, 7);
    assertThat(treatment.bits(1)).containsExactly(3, 4);
    // At the distance itself an image has recovered.
    assertThat(treatment.recovered(0, 5)).containsExactly(1, 0);
    assertThat(treatment.recovered(0, 4.9)).containsExactly(0, 0);
    assertThat(treatment.lastAbove(control)).containsExactly(23 - 20, 190 - 200);
    assertThat(treatment.name()).isEqualTo("half");
    assertThat(treatment.damages()).containsExactly(new Damage.Half());
  }

  @Test
  void damages_onAGrid_haveTheirSides() {
    assertThat(Damages.DEFAULT.on(28).squareSide()).isEqualTo(14);
    assertThat(Damages.DEFAULT.on(1).squareSide()).isEqualTo(1);
    Damages own = new Damages(5, 1, 0.1, 2);
    assertThat(own.on(5)).isEqualTo(own);
    assertThat(own.treatments().values())
        .containsExactly(
            List.of(new Damage.Square(5)),
            List.of(new Damage.Half()),
            List.of(new Damage.Cells(1)),
            List.of(new Damage.Noise(0.1)),
            List.of(new Damage.Square(5), new Damage.Square(5)));
  }
}
