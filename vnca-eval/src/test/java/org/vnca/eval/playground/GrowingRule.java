package org.vnca.eval.playground;

import java.util.List;
import org.vnca.graph.nn.Activation;
import org.vnca.graph.nn.Affine;
import org.vnca.graph.nn.Combination;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.FixedConvolution;
import org.vnca.graph.nn.Identity;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.nn.ZeroChannels;
import org.vnca.graph.rollout.AliveMask;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.rule.UpdateRule;
import org.vnca.graph.spec.UpdateSpec;

/**
 * A rule as a jar would bring it, of all the layers that the project's own rules lack: in the
 * manner of growing neural cellular automata.
 */
public final class GrowingRule implements UpdateRule {

  /** Its settings. */
  public record Settings(int hidden) implements UpdateSpec {}

  @Override
  public String type() {
    return "test-growing";
  }

  @Override
  public Record defaults() {
    return new Settings(16);
  }

  @Override
  public Rule make(UpdateSpec settings, String name, int channels) {
    int hidden = settings.hidden();
    Sequence update =
        Sequence.of(
            Convolution.same(name + "/a", 1, 3 * channels, hidden).withBias(),
            Activation.RELU,
            Combination.sum(new Identity(), Sequence.of(new Affine(0.5, 0.1), Activation.TANH)),
            Convolution.same(name + "/b", 1, hidden, channels - 2),
            Combination.product(Activation.SIGMOID, new Identity()),
            new ZeroChannels(channels - 2, 2));
    return new Rule(
        FixedConvolution.sobel(channels), update, 2, List.of(new AliveMask(channels, 1, -0.4)));
  }
}
