package org.vnca.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Charts of values that explode. */
class ChartTest {
  private static final int BLUE = 0x1f77b4;
  private static final int ORANGE = 0xff7f0e;
  private static final double[] STEPS = {0, 1, 2, 3, 4, 5};
  private static final double[] TAME = {1, 1.1, 1, 0.9, 1, 1.1};

  static Stream<double[]> wild() {
    double inf = Double.POSITIVE_INFINITY;
    double nan = Double.NaN;
    return Stream.of(
        new double[] {1.5, 1e3, 1e30, 1e300, 1.7e308, inf},
        new double[] {1.5, nan, nan, nan, nan, nan},
        new double[] {nan, nan, nan, nan, nan, nan},
        new double[] {1.5, -1e3, -1e30, -1e300, -1.7e308, -inf},
        new double[] {inf, -inf, nan, 1.7e308, -1.7e308, 1.5});
  }

  @ParameterizedTest
  @MethodSource("wild")
  void valuesThatExplode_leaveTheOthersLegible_andAreNamed(double[] values) {
    Chart chart =
        new Chart("steps", "bits")
            .within(0, 2)
            .curve("tame", STEPS, TAME)
            .curve("wild", STEPS, values, values, values);
    BufferedImage picture = chart.draw(600, 300);
    // From the first step to the last, in all columns.
    assertThat(columns(picture, BLUE)).isGreaterThan(400);
    assertThat(chart.missing().orElseThrow()).startsWith("bits, ").contains("wild.");
    boolean lost = !Arrays.stream(values).allMatch(Double::isFinite);
    boolean beyond = Arrays.stream(values).anyMatch(v -> Double.isFinite(v) && (v < 0 || v > 2));
    assertThat(chart.missing().orElseThrow().contains("not finite")).isEqualTo(lost);
    assertThat(chart.missing().orElseThrow().contains("beyond the frame")).isEqualTo(beyond);
    // A head at the frame's edge, or the one point that is finite, besides the legend's 22 columns.
    boolean seen = beyond || Arrays.stream(values).anyMatch(Double::isFinite);
    assertThat(columns(picture, ORANGE) > 24).isEqualTo(seen);
  }

  @ParameterizedTest
  @MethodSource("wild")
  void chartWithoutLimits_isDrawn(double[] values) {
    Chart chart = new Chart("steps", "bits").curve("wild", STEPS, values);
    Chart.Range range = Chart.Range.of(List.of(values));
    assertThat(range.ticks()).hasSizeBetween(2, 20).allMatch(Double::isFinite);
    assertThat(columns(chart.draw(600, 300), BLUE)).isBetween(20, 600);
  }

  @Test
  void chartThatShowsAll_hasNothingMissing() {
    Chart chart = new Chart("steps", "bits").within(0, 2).curve("tame", STEPS, TAME);
    assertThat(chart.missing()).isEmpty();
  }

  @Test
  void limitThatIsNoNumber_isNone() {
    Chart chart =
        new Chart("steps", "nats")
            .within(5 * Double.NaN, Double.POSITIVE_INFINITY)
            .curve("late", STEPS, new double[] {Double.NaN, -90, -91, -92, -93, -94});
    assertThat(columns(chart.draw(600, 300), BLUE)).isGreaterThan(300);
  }

  @Test
  void pointsOfAPlane_areDrawnToOneScale_withLittleRoomAround() {
    double[] x = {-60, 60, 0, 0};
    double[] y = {0, 0, -20, 40};
    BufferedImage picture = new Chart("a", "b").plane().points("p", x, y).draw(700, 500);
    int right = picture.getWidth() - Ink.TEXT.width("p") - 50;
    int left = right;
    int wide = 0;
    int top = 500;
    int bottom = 0;
    for (int column = 0; column < right - 16; column++) {
      for (int row = 0; row < 500; row++) {
        if ((picture.getRGB(column, row) & 0xffffff) == BLUE) {
          left = Math.min(left, column);
          wide = Math.max(wide, column);
          top = Math.min(top, row);
          bottom = Math.max(bottom, row);
        }
      }
    }
    assertThat(2.0 * (bottom - top)).isCloseTo(wide - left, within(6.0));
    assertThat(wide - left).isGreaterThan(500);
  }

  /** How many columns have a pixel of that colour. */
  private static int columns(BufferedImage picture, int colour) {
    int columns = 0;
    for (int x = 0; x < picture.getWidth(); x++) {
      boolean found = false;
      for (int y = 0; y < picture.getHeight(); y++) {
        found |= (picture.getRGB(x, y) & 0xffffff) == colour;
      }
      columns += found ? 1 : 0;
    }
    return columns;
  }
}
