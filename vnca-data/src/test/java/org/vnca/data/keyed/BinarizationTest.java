package org.vnca.data.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BinarizationTest {
  @Test
  void apply_ofGrey_isInkWithThatProbability() {
    for (int grey : new int[] {0, 1, 64, 128, 254, 255}) {
      byte[] image = new byte[100_000];
      Arrays.fill(image, (byte) grey);
      new Binarization(1, 0).apply(7, image);
      double mean = ink(image) / 1e5;
      // Four standard errors, which are 0 for black and for white.
      double p = grey / 255.0;
      double slack = 4 * Math.sqrt(p * (1 - p) / 1e5);
      assertThat(mean).as("grey %d", grey).isBetween(p - slack, p + slack);
    }
  }

  @Test
  void apply_ofAnotherSeedPartOrIndex_isAnotherDraw() {
    byte[] one = draw(1, 0, 0);
    assertThat(draw(1, 0, 0)).isEqualTo(one);
    assertThat(draw(2, 0, 0)).isNotEqualTo(one);
    assertThat(draw(1, 1, 0)).isNotEqualTo(one);
    assertThat(draw(1, 0, 1)).isNotEqualTo(one);
  }

  private static byte[] draw(long seed, int part, int index) {
    byte[] image = new byte[784];
    Arrays.fill(image, (byte) 128);
    new Binarization(seed, part).apply(index, image);
    return image;
  }

  private static long ink(byte[] image) {
    long ink = 0;
    for (byte pixel : image) {
      ink += pixel;
    }
    return ink;
  }
}
