package org.example.growing;

import java.util.List;
import org.vnca.graph.nn.Activation;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.FixedConvolution;
import org.vnca.graph.nn.Initial;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.rule.UpdateRule;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.UpdateSpec;

/**
 * The rule of growing neural cellular automata (Mordvintsev et al. 2020): a cell perceives itself
 * and Sobel's gradients of its neighbourhood, two 1x1 layers make an update of that, and cells far
 * from any that live are dead. That cells update at random is the decoder's setting {@code
 * update-probability}.
 */
public final class GrowingRule implements UpdateRule {
  /**
   * What a descriptor can say of it.
   *
   * @param hidden channels between the two layers; 128 in that paper
   * @param alive how large the state of a living cell is at least; see {@link Alive}
   */
  public record Settings(int hidden, double alive) implements UpdateSpec {
    public Settings {
      InvalidSetting.requireAtLeast("hidden", hidden, 1);
      InvalidSetting.requireNotNegative("alive", alive);
    }
  }

  @Override
  public String type() {
    return "growing";
  }

  @Override
  public Record defaults() {
    return new Settings(128, 0.1);
  }

  @Override
  public Rule make(UpdateSpec spec, String name, int channels) {
    Settings settings = (Settings) spec;
    int hidden = settings.hidden();
    return new Rule(
        FixedConvolution.sobel(channels),
        Sequence.of(
            Convolution.same(name + "/hidden", 1, 3 * channels, hidden).withBias(),
            Activation.RELU,
            Convolution.same(name + "/out", 1, hidden, channels).startingAt(new Initial.Zero())),
        0,
        List.of(new Alive(settings.alive())));
  }
}
