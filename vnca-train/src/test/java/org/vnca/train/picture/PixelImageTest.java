package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.vnca.base.image.ImageShape;

class PixelImageTest {
  private static final ImageShape GREY = new ImageShape(1, 2, 1);
  private static final ImageShape COLOUR = new ImageShape(1, 2, 3);

  @Test
  void grey_isRoundedAndClamped() {
    float[] values = {-3f, 0f, 0.5f, 1f, 7f, Float.POSITIVE_INFINITY};
    PixelImage picture = PixelImage.of(values, new ImageShape(2, 3, 1));
    assertThat(rgb(picture)).containsExactly(0, 0, 0x808080, 0xffffff, 0xffffff, 0xffffff);
  }

  @Test
  void colour_isChannelsLast() {
    float[] values = {1f, 0f, 0.2f, 0f, 1f, 0.4f};
    assertThat(rgb(PixelImage.of(values, COLOUR))).containsExactly(0xff0033, 0x00ff66);
  }

  @Test
  void refusals_giveTheRuleAndWhatWasFound() {
    assertThatThrownBy(() -> PixelImage.of(new float[] {0, 0, 0, 0, Float.NaN, 0}, COLOUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture's values must be numbers, but row 0, column 1, channel 1 is NaN");
    assertThatThrownBy(() -> PixelImage.of(new float[3], GREY))
        .hasMessage("an image of shape 1x2x1 needs 2 values, but has 3");
    assertThatThrownBy(() -> PixelImage.of(new float[4], new ImageShape(1, 2, 2)))
        .hasMessage("a picture needs 1 or 3 channels, but has shape 1x2x2");
  }

  private static int[] rgb(PixelImage picture) {
    int[] pixels = new int[picture.width() * picture.height()];
    Arrays.setAll(pixels, i -> picture.rgb(i % picture.width(), i / picture.width()));
    return pixels;
  }
}
