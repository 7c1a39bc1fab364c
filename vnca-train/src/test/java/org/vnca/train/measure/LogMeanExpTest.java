package org.vnca.train.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LogMeanExpTest {
  private static double of(double... values) {
    LogMeanExp sum = new LogMeanExp();
    DoubleStream.of(values).forEach(sum::add);
    return sum.value();
  }

  @Test
  void value_isTheLogarithmOfTheMean_inAnyOrder() {
    double expected = Math.log((Math.exp(1) + Math.exp(2) + Math.exp(4) + Math.exp(4)) / 4);
    assertThat(of(1, 2, 4, 4)).isCloseTo(expected, within(1e-12));
    assertThat(of(4, 1, 4, 2)).isCloseTo(expected, within(1e-12));
    assertThat(of(4, 4, 2, 1)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void ofEqualValues_itIsTheValue_howeverMany() {
    assertThat(of(-3)).isEqualTo(-3);
    assertThat(of(DoubleStream.generate(() -> -3).limit(128).toArray()))
        .isCloseTo(-3, within(1e-12));
  }

  @Test
  void hugeValues_doNotOverflow() {
    assertThat(of(-5000, -5000)).isEqualTo(-5000);
    assertThat(of(0, 4000)).isEqualTo(4000 - Math.log(2));
    assertThat(of(4000, 0)).isEqualTo(4000 - Math.log(2));
  }

  @Test
  void impossibleSamples_countAsZero_andNoNumberStays() {
    double none = Double.NEGATIVE_INFINITY;
    assertThat(of(none, 2)).isCloseTo(2 - Math.log(2), within(1e-12));
    assertThat(of(2, none)).isCloseTo(2 - Math.log(2), within(1e-12));
    assertThat(of(none, none)).isEqualTo(none);
    assertThat(of(1, Double.NaN)).isNaN();
    assertThat(of(Double.NaN, 1)).isNaN();
    assertThat(of()).isNaN();
  }
}
