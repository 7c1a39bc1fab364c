package org.vnca.graph.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnca.graph.nn.Activation;
import org.vnca.graph.nn.Affine;
import org.vnca.graph.nn.ChannelSlice;
import org.vnca.graph.nn.Combination;
import org.vnca.graph.nn.Concatenate;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.FixedConvolution;
import org.vnca.graph.nn.Gate;
import org.vnca.graph.nn.Identity;
import org.vnca.graph.nn.Initial;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Residual;
import org.vnca.graph.nn.Sequence;
import org.vnca.graph.nn.ZeroChannels;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.rollout.CellMask;
import org.vnca.graph.rollout.RandomCells;
import org.vnca.graph.rollout.StateNoise;
import org.vnca.graph.rollout.StepDraws;
import org.vnca.graph.spec.UpdateSpec;

/**
 * The rule of a cellular automaton: each cell perceives its neighbourhood, an update follows from
 * that, and is applied; z_(t+1) = apply(z_t, u(perceive(z_t)), mask_t).
 *
 * @param perceive of states {@code [B, H, W, C]}; where it ends changes no result, but what reads
 *     neighbours belongs to it
 * @param update u, whose output has the shape of the states
 * @param constantChannels how many channels of a cell no step changes: the last ones
 * @param living which cells live on after a step; none for all
 */
public record Rule(Layer perceive, Layer update, int constantChannels, List<CellMask> living) {
  /** Of nine cells, with the weights of Niklasson et al. (2021), over 16. */
  private static final List<List<Double>> LAPLACIAN =
      List.of(
          List.of(0.0625, 0.125, 0.0625),
          List.of(0.125, -0.75, 0.125),
          List.of(0.0625, 0.125, 0.0625));

  public Rule {
    living = List.copyOf(living);
  }

  /** A rule in which all cells live and change in all channels. */
  public Rule(Layer perceive, Layer update) {
    this(perceive, update, 0, List.of());
  }

  /**
   * The rule that a specification describes.
   *
   * @param name prefix of its parameters' names
   * @param channels of a cell
   */
  public static Rule of(UpdateSpec spec, String name, int channels) {
    return UpdateRules.all()
        .make(
            (Record) spec,
            kind -> {
              Rule rule = kind.make(spec, name, channels);
              return rule == null ? null : rule.requireChannels(channels);
            });
  }

  /** A net of another width would be told by TensorFlow, by the numbers of its operations. */
  private Rule requireChannels(int channels) {
    int made = net().output(MapShape.square(1, channels)).channels();
    if (made != channels) {
      throw new IllegalArgumentException(
          "its update must have the %d channels of a cell, but has %d".formatted(channels, made));
    }
    return this;
  }

  /**
   * The same, but that a step that would end at z + u ends at B tanh((z + u) / B): states within
   * (-B, B), whatever the update. Channels that no step changes stay as they are, and a cell that
   * takes no part in a step.
   *
   * @param bound B, above 0
   * @param channels of a cell
   */
  public Rule bounded(double bound, int channels) {
    Layer next =
        Sequence.of(
            new Residual(net()), new Affine(1 / bound, 0), Activation.TANH, new Affine(bound, 0));
    Layer change = Combination.difference(next, new Identity());
    int changed = channels - constantChannels;
    return new Rule(
        change,
        constantChannels == 0
            ? new Identity()
            : Sequence.of(
                new ChannelSlice(channels, 0, changed),
                new ZeroChannels(changed, constantChannels)),
        constantChannels,
        living);
  }

  /** Perception and update: u(perceive(z)). */
  public Sequence net() {
    return Sequence.of(perceive, update);
  }

  /**
   * How its updates are applied.
   *
   * @param channels of a cell
   * @param probability with which a cell takes part in a step
   * @param noise standard deviation of the noise that each step adds to the states
   * @param draws what random numbers are keyed by
   */
  public Apply apply(int channels, double probability, double noise, StepDraws draws) {
    return new Apply(
        probability == 1 ? List.of() : List.of(new RandomCells(probability, draws)),
        noise == 0
            ? Optional.empty()
            : Optional.of(
                new StateNoise(noise, channels - constantChannels, constantChannels, draws)),
        living);
  }

  /** The paper's net (section 2.2), with its variations (A.8). */
  static Rule residual(UpdateSpec.Residual spec, String name, int channels) {
    int hidden = spec.hidden();
    int kernel = spec.kernel();
    int changed = channels - spec.constantChannels();
    List<Layer> update = new ArrayList<>();
    for (int i = 0; i < spec.blocks(); i++) {
      String block = name + "/res" + i;
      update.add(
          Residual.of(
              Convolution.same(block + "/a", kernel, hidden, hidden).withBias(),
              Activation.ELU,
              Convolution.same(block + "/b", kernel, hidden, hidden).withBias()));
    }
    update.add(
        Convolution.same(name + "/out", kernel, hidden, changed)
            .startingAt(new Initial.Zero())
            .withBias());
    if (changed < channels) {
      update.add(new ZeroChannels(changed, channels - changed));
    }
    Layer u = new Sequence(update);
    return new Rule(
        Convolution.same(name + "/perceive", 3, channels, hidden).withBias(),
        spec.gate() ? new Gate(name + "/gate", u) : u,
        spec.constantChannels(),
        List.of());
  }

  /** The paper's net for MNIST's damage (section 3.3). */
  static Rule simple(UpdateSpec.Simple spec, String name, int channels) {
    int hidden = spec.hidden();
    return new Rule(
        Sequence.of(
            Convolution.same(name + "/perceive", 3, channels, hidden).withBias(), Activation.ELU),
        Convolution.same(name + "/out", 1, hidden, channels).startingAt(new Initial.Zero()));
  }

  /**
   * A gated recurrent unit: h = ELU(conv3x3(z)); w, r and c from h; u = w (c + conv1x1(r z) - z).
   * What is perceived is z, then the three maps of h.
   */
  static Rule gru(UpdateSpec.Gru spec, String name, int channels) {
    Layer perceive =
        Concatenate.of(
            channels,
            new Identity(),
            Sequence.of(
                Convolution.same(name + "/perceive", 3, channels, spec.hidden()).withBias(),
                Activation.ELU,
                Convolution.same(name + "/gates", 1, spec.hidden(), 3 * channels).withBias()));
    Layer z = perceived(channels, 0);
    // The 3 makes a cell keep most of its state at first.
    Layer w = Sequence.of(perceived(channels, 1), new Affine(1, -3), Activation.SIGMOID);
    Layer r = Sequence.of(perceived(channels, 2), Activation.SIGMOID);
    Layer kept =
        Sequence.of(
            Combination.product(r, z), Convolution.same(name + "/reset", 1, channels, channels));
    Layer candidate = Combination.sum(perceived(channels, 3), kept);
    return new Rule(perceive, Combination.product(w, Combination.difference(candidate, z)));
  }

  /** Sobel's filters and the Laplacian, then two 1x1 layers. */
  static Rule fixedPerception(UpdateSpec.FixedPerception spec, String name, int channels) {
    int hidden = spec.hidden();
    return new Rule(
        Concatenate.of(
            channels,
            FixedConvolution.sobel(channels),
            new FixedConvolution(channels, List.of(LAPLACIAN))),
        Sequence.of(
            Convolution.same(name + "/hidden", 1, 4 * channels, hidden).withBias(),
            Activation.ELU,
            Convolution.same(name + "/out", 1, hidden, channels).startingAt(new Initial.Zero())));
  }

  private static Layer perceived(int channels, int map) {
    return new ChannelSlice(4 * channels, map * channels, channels);
  }
}
