package org.vnca.eval.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.vnca.graph.nn.Parameter;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.vae.Vnca;

class PageTemplateTest {
  private static final int LIMIT = 8_000_000;

  /** Two sheets of 64 images and their encodings, generously. */
  private static final int EXAMPLES = 300_000;

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void pageOfThePapersModel_isBelowEightMegabytes(WeightFormat format) {
    InputSpec input = new InputSpec(new ImageShape(28, 28, 1), 32, true);
    try (Vnca model = new Vnca(ModelSpec.PAPER, input, 1)) {
      Map<String, int[]> shapes = new LinkedHashMap<>();
      Map<String, float[]> values = new LinkedHashMap<>();
      for (Parameter parameter : model.trainable()) {
        if (parameter.name().startsWith("decoder/")) {
          int count = (int) parameter.shape().size();
          shapes.put(parameter.name(), new int[] {count});
          values.put(parameter.name(), new float[count]);
        }
      }
      assertThat(PackedWeights.count(shapes)).isBetween(1_150_000L, 1_250_000L);
      PackedWeights weights = PackedWeights.of(shapes, values, format);
      String page =
          PageTemplate.filled(
              "paper", ModelText.of(model.description(), weights, Map.of()), weights.base64());
      assertThat(page.length() + EXAMPLES).isLessThan(LIMIT);
    }
  }

  @Test
  void textsOfARun_cannotEndTheirElement() {
    String name = "</script><script>alert(1)</script>";
    String page = PageTemplate.filled(name, ModelText.json(Map.of("name", name)), "AAAA");
    assertThat(page)
        .doesNotContain("alert(1)</script>")
        .contains("&lt;/script&gt;&lt;script&gt;alert(1)")
        .contains("{\"name\":\"\\u003c/script>\\u003cscript>alert(1)\\u003c/script>\"}");
    assertThat(page.indexOf("<!-- vnca:")).isNegative();
  }
}
