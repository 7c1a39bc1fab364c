package org.vnca.eval.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void ticks_areRoundAndEncloseTheValues() {
    Axis axis = Axis.enclosing(-120.7, -83.2);
    assertThat(axis.from()).isEqualTo(-130);
    assertThat(axis.to()).isEqualTo(-80);
    assertThat(axis.step()).isEqualTo(10);
    assertThat(labels(axis)).startsWith("\u2212130", "\u2212120").endsWith("\u221280");
    assertThat(Axis.enclosing(3, 3).ticks()).hasSizeGreaterThan(1);
    assertThat(Axis.around(7, 7).share(7)).isEqualTo(0.5);
  }

  @Test
  void labels_haveTheDigitsOfTheStep() {
    assertThat(labels(Axis.between(0, 2500)))
        .containsExactly("0", "500", "1,000", "1,500", "2,000", "2,500");
    assertThat(labels(Axis.between(0, 0.12)))
        .containsExactly("0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12");
    assertThat(labels(Axis.between(-0.31, 0.4)).get(0)).isEqualTo("\u22120.2");
    assertThat(labels(Axis.between(0, 100_000)))
        .containsExactly("0", "20k", "40k", "60k", "80k", "100k");
    assertThat(labels(Axis.between(0, 2.4e7))).contains("0", "5.0e6", "2.0e7");
    assertThat(labels(Axis.between(-3e-9, 3e-9))).contains("0", "1.0e\u22129");
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0,7", "-5,3", "0.001,0.002", "1e-200,3e-200", "-1e308,1.7e308", "0,1e6"})
  void ticks_areFewAndDistinctAndInside(double least, double greatest) {
    for (Axis axis :
        List.of(
            Axis.between(least, greatest),
            Axis.enclosing(least, greatest),
            Axis.around(least, greatest))) {
      assertThat(axis.ticks()).hasSizeBetween(2, 12).doesNotHaveDuplicates();
      assertThat(axis.ticks()).allMatch(axis::holds);
      assertThat(labels(axis)).doesNotHaveDuplicates();
      assertThat(axis.ticked(2).ticks().size()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void logarithmic_hasPowersOfTen() {
    Axis axis = Axis.logarithmic(0.15, 1800);
    assertThat(labels(axis)).containsExactly("0.1", "1", "10", "100", "1,000", "10,000");
    assertThat(axis.share(10)).isCloseTo(0.4, within(1e-9));
    assertThat(axis.share(0)).isNaN();
    assertThat(axis.holds(-1)).isFalse();
    Axis far = Axis.logarithmic(2, 1.7e308);
    assertThat(far.ticks()).hasSizeBetween(4, 8);
    assertThat(labels(far)).startsWith("1").contains("1e104");
    assertThat(Axis.logarithmic(5, 5).ticks()).hasSize(2);
    assertThat(labels(Axis.logarithmic(1e-7, 1e-5)))
        .containsExactly("1e\u22127", "1e\u22126", "1e\u22125");
  }

  @Test
  void wholeTicks_areForCounts() {
    assertThat(labels(Axis.between(0, 3).whole())).containsExactly("0", "1", "2", "3");
  }
}
