package org.vnca.graph.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.ForwardOnly;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Vnca;

class DescriptionTest {
  private static final DecoderSpec DOUBLING =
      new DecoderSpec.Doubling(1, 3, UpdateSpec.Residual.of(6, 1), true, 0.5, 0.2);

  @Test
  void decoder_tellsItsStagesAndHowUpdatesAreApplied() {
    DecoderDescription decoder = described(DOUBLING).decoder();
    assertThat(decoder.stages())
        .containsExactly(
            new DecoderDescription.Stage(2, false, 3, 0),
            new DecoderDescription.Stage(4, true, 3, 1));
    assertThat(decoder.rules()).hasSize(2);
    DecoderDescription.Apply apply = decoder.rules().get(1).apply();
    assertThat(apply.updates())
        .containsExactly(Description.of("random-cells").with("probability", 0.5));
    assertThat(apply.noise()).contains(new DecoderDescription.Noise(0.2, 5));
    assertThat(apply.living()).isEmpty();
  }

  @Test
  void parameters_areNamedAsInCheckpoints() {
    Description net = described(DOUBLING).decoder().rules().get(1).net();
    assertThat(net.parts().get(0).fields())
        .isEqualTo(
            Map.of(
                "kind",
                "convolution",
                "kernel",
                3,
                "in",
                5,
                "out",
                6,
                "weight",
                "decoder/scale1/perceive/weight"));
    assertThat(net.parts().get(1).fields().get("bias")).isEqualTo("decoder/scale1/perceive/bias");
  }

  @Test
  void convolutionalDecoder_isRefusedInWords() {
    assertThatThrownBy(() -> described(new DecoderSpec.Convolutional(1, 2, 3, false, 0)))
        .isInstanceOf(NoDescription.class)
        .hasMessageContaining("convolutional: its hidden maps are no cells");
  }

  @Test
  void layerThatDoesNotSay_isRefusedByItsName() {
    Layer net = Sequence.of(Convolution.same("a", 1, 2, 2), new Swish());
    assertThatThrownBy(net::description)
        .isInstanceOf(NoDescription.class)
        .hasMessageContaining("the layer " + Swish.class.getName())
        .hasMessageContaining("let it override description()");
  }

  @Test
  void convolutionThatShrinksTheMap_isRefused() {
    assertThatThrownBy(Convolution.of("a", 3, 2, 2, 2, 1)::description)
        .isInstanceOf(NoDescription.class)
        .hasMessageContaining("stride 2");
  }

  private static ModelDescription described(DecoderSpec decoder) {
    ModelSpec model =
        new ModelSpec(
            5,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 3),
            decoder,
            new LikelihoodSpec.Bernoulli());
    try (Vnca vnca = new Vnca(model, new InputSpec(new ImageShape(4, 4, 1), 0, true), 1)) {
      return vnca.description();
    }
  }

  /** A layer from elsewhere. */
  private record Swish() implements ForwardOnly {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Weights weights) {
      return tf.math.mul(x, tf.math.sigmoid(x));
    }

    @Override
    public MapShape output(MapShape input) {
      return input;
    }

    @Override
    public List<Layer> parts() {
      return List.of();
    }
  }
}
