package org.vnca.eval.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Mark;
import org.vnca.train.picture.Raster;
import org.vnca.train.picture.Room;

class ChartTest {
  private static final double[] STEPS = {0, 1, 2, 3, 4, 5};
  private static final double[] TAME = {1, 1.1, 1, 0.9, 1, 1.1};

  static Stream<double[]> wild() {
    double inf = Double.POSITIVE_INFINITY;
    double nan = Double.NaN;
    return Stream.of(
        new double[] {1.5, 1e3, 1e30, 1e300, 1.7e308, inf},
        new double[] {1.5, 1e3, 1e30, 1e300, 1.7e308, 1.7e308},
        new double[] {1.5, nan, nan, nan, nan, nan},
        new double[] {nan, nan, nan, nan, nan, nan},
        new double[] {1.5, -1e3, -1e30, -1e300, -1.7e308, -inf},
        new double[] {inf, -inf, nan, 1.7e308, -1.7e308, 1.5});
  }

  private static Chart chart() {
    return new Chart("steps", "bits", 300, 150);
  }

  /** All that is drawn of a curve. */
  private static List<Mark> marks(Drawing drawing, int number) {
    return drawing.marks().stream()
        .filter(mark -> mark instanceof Mark.Clipped)
        .flatMap(mark -> ((Mark.Clipped) mark).marks().stream())
        .filter(
            mark ->
                mark instanceof Mark.Line line && line.ink().equals(Palette.ink(number))
                    || mark instanceof Mark.Disc disc && disc.ink().equals(Palette.ink(number)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("wild")
  void valuesThatExplode_areSeenOnALogScale_andWhatIsNotIsNamed(double[] values) {
    Chart chart =
        chart()
            .including(0)
            .logarithmicAbove(10)
            .curve("tame", STEPS, TAME)
            .curve("wild", STEPS, values, values, values);
    boolean explodes = Arrays.stream(values).anyMatch(v -> Double.isFinite(v) && v > 10);
    assertThat(chart.logarithmic()).isEqualTo(explodes);
    Drawing drawing = chart.draw(Room.free());
    assertThat(drawing.texts().stream().anyMatch(text -> text.words().equals("bits (log scale)")))
        .isEqualTo(explodes);
    boolean lost = !Arrays.stream(values).allMatch(Double::isFinite);
    // A linear axis has no room for the largest numbers, a logarithmic one for those below 0.
    boolean below =
        Arrays.stream(values)
            .anyMatch(v -> Double.isFinite(v) && (explodes ? v <= 0 : Math.abs(v) > 1e300));
    assertThat(chart.missing().isPresent()).isEqualTo(lost || below);
    String missing = chart.missing().orElse("");
    assertThat(missing.contains("not finite somewhere")).isEqualTo(lost);
    assertThat(missing.contains("beyond the axis somewhere")).isEqualTo(below);
    if (lost || below) {
      assertThat(missing).startsWith("bits, ").endsWith("wild.");
    }
    long drawn =
        Arrays.stream(values).filter(v -> Double.isFinite(v) && (v > 0 || !explodes)).count();
    assertThat(marks(drawing, 1).stream().filter(mark -> mark instanceof Mark.Disc).count())
        .isEqualTo(drawn);
    if (explodes) {
      for (Mark mark : marks(drawing, 1)) {
        if (mark instanceof Mark.Disc disc) {
          assertThat(disc.y()).isBetween(0.0, 150.0);
        }
      }
    }
    assertThat(marks(drawing, 0)).hasSize(7);
  }

  @ParameterizedTest
  @MethodSource("wild")
  void chartWithoutLimits_isDrawn(double[] values) {
    Drawing drawing = chart().curve("wild", STEPS, values).draw(Room.free());
    assertThat(drawing.texts()).hasSizeBetween(4, 30);
    assertThat(Raster.of(drawing, 2).width()).isGreaterThan(600);
  }

  @Test
  void chartThatShowsAll_hasNothingMissing() {
    assertThat(chart().curve("tame", STEPS, TAME).missing()).isEmpty();
  }

  @Test
  void gap_isLeftWhereAValueIsMissing() {
    double[] values = {1, 1.1, Double.NaN, 0.9, 1, Double.NaN};
    Drawing drawing = chart().curve("gaps", STEPS, values).draw(Room.free());
    assertThat(marks(drawing, 0).stream().filter(mark -> mark instanceof Mark.Line)).hasSize(2);
  }

  @Test
  void pointsOfAPlane_areDrawnToOneScale_withLittleRoomAround() {
    double[] x = {-60, 60, 0, 0};
    double[] y = {0, 0, -20, 40};
    Drawing drawing = new Chart("a", "b", 350, 250).plane().points("p", x, y).draw(Room.free());
    List<Mark.Disc> discs = marks(drawing, 0).stream().map(Mark.Disc.class::cast).toList();
    double wide = discs.get(1).x() - discs.get(0).x();
    assertThat(discs.get(2).y() - discs.get(3).y()).isCloseTo(wide / 2, within(1e-6));
    assertThat(wide).isGreaterThan(250);
  }

  /** With labels of any length, and a legend that has no room beside the chart. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 40, 85, 174})
  void label_isNeverCutOff(double millimetres) {
    Room room = millimetres == 0 ? Room.free() : Room.millimetres(millimetres);
    for (double scale : new double[] {1, 1e-5, 123_456, -2e37}) {
      Chart chart = new Chart("steps since the first damage", "bits per dimension", 400, 150);
      double[] x = Arrays.stream(STEPS).map(step -> 7 * Math.abs(scale) * step).toArray();
      for (int i = 0; i < 9; i++) {
        int curve = i;
        chart.curve(
            "square 14 x 14, number " + i,
            x,
            Arrays.stream(TAME).map(value -> (value + curve) * scale).toArray());
      }
      Drawing drawing = chart.draw(room);
      if (room.filled()) {
        assertThat(drawing.width()).isCloseTo(room.width(), within(1e-9));
      }
      assertThat(drawing.texts()).hasSizeGreaterThan(13);
      for (Mark.Text text : drawing.texts()) {
        double[] covered = text.covered();
        String words = text.words() + " at " + Arrays.toString(covered);
        assertThat(covered[0]).as(words).isGreaterThanOrEqualTo(-0.01);
        assertThat(covered[1]).as(words).isGreaterThanOrEqualTo(-0.01);
        assertThat(covered[2]).as(words).isLessThanOrEqualTo(drawing.width() + 0.01);
        assertThat(covered[3]).as(words).isLessThanOrEqualTo(drawing.height() + 0.01);
        for (Mark.Text other : drawing.texts()) {
          assertThat(other != text && overlap(covered, other.covered()))
              .as("%s and %s", words, other.words())
              .isFalse();
        }
      }
    }
  }

  /** Letters have room above and below them, so a point of height does not count. */
  private static boolean overlap(double[] one, double[] other) {
    return one[0] < other[2]
        && other[0] < one[2]
        && one[1] + 1 < other[3] - 1
        && other[1] + 1 < one[3] - 1;
  }

  /** Colours, then dashes and the forms of points. */
  @Test
  void curvesBeyondThePalette_differInSomethingElse() {
    Set<String> looks = new HashSet<>();
    Set<String> points = new HashSet<>();
    for (int i = 0; i < 21; i++) {
      looks.add(Palette.ink(i) + " " + Curves.dashes(i));
      points.add(Palette.ink(i) + Curves.point(0, 0, 1, i).getClass().getSimpleName());
    }
    assertThat(looks).hasSize(21);
    assertThat(points).hasSize(21);
  }

  /** As Okabe and Ito published them, in red, green and blue. */
  @Test
  void palette_isThatOfOkabeAndIto() {
    assertThat(IntStream.range(0, 7).mapToObj(i -> Palette.ink(i).rgb()))
        .containsExactlyInAnyOrder(
            rgb(0, 0, 0),
            rgb(230, 159, 0),
            rgb(86, 180, 233),
            rgb(0, 158, 115),
            rgb(0, 114, 178),
            rgb(213, 94, 0),
            rgb(204, 121, 167));
  }

  private static int rgb(int red, int green, int blue) {
    return red << 16 | green << 8 | blue;
  }
}
