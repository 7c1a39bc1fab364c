package org.vnca.graph.vae;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.ModelSpec;

/** A program that uses these classes in a locale with digits of its own is told what to do. */
class DefaultLocaleTest {
  private final Locale before = Locale.getDefault(Locale.Category.FORMAT);

  @AfterEach
  void restore() {
    Locale.setDefault(Locale.Category.FORMAT, before);
  }

  @Test
  void localeWithOtherDigits_isRefusedBeforeTensorFlowFailsAtThem() {
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG"));
    InputSpec input = new InputSpec(new ImageShape(28, 28, 1), 32, true);
    assertThatIllegalStateException()
        .isThrownBy(() -> new Vnca(ModelSpec.PAPER, input, 1))
        .withMessageContaining("ar-EG has digits of its own")
        .withMessageContaining("Locale.setDefault(Locale.ROOT)");
  }
}
