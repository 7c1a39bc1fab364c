package org.vnca.train.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeanTest {
  @Test
  void meanVarianceAndError_areThoseOfTheDefinition() {
    Mean mean = new Mean();
    for (double value : new double[] {1e6 + 2, 1e6 + 4, 1e6 + 4, 1e6 + 6}) {
      mean.add(value);
    }
    assertThat(mean.value()).isEqualTo(1e6 + 4);
    assertThat(mean.variance()).isCloseTo(2, within(1e-8));
    assertThat(mean.standardError()).isCloseTo(Math.sqrt(8.0 / 3 / 4), within(1e-8));
  }

  @Test
  void tooFewNumbers_giveNaN() {
    Mean mean = new Mean();
    assertThat(mean.value()).isNaN();
    mean.add(3);
    assertThat(mean.value()).isEqualTo(3);
    assertThat(mean.standardError()).isNaN();
  }
}
