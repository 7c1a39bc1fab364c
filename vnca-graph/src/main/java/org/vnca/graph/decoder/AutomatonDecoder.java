package org.vnca.graph.decoder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.description.NoDescription;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Lanes;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.MapShape;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Saved;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.rollout.Apply;
import org.vnca.graph.rollout.Rollout;
import org.vnca.graph.rollout.StepDraws;
import org.vnca.graph.rule.Rule;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.Precision;

/**
 * The VNCA's decoder: it grows, stage by stage, then settles on the last grid ({@link Course}).
 * Both variants of the paper are one; the non-doubling one grows by filling the grid (sections 2.1
 * and 3.3).
 *
 * <p>Each stage is a rollout, all of one net or each of its own; the gradient walks them in
 * reverse. The steps of settling are further steps of the last stage's. Where they go on from a
 * pool's states too, they are a rollout of their own, of all states together.
 *
 * <p>A training step draws the number of steps of settling for the whole batch, and, where the rule
 * is random, the numbers of every image and step. Otherwise it is the setting's and the images of a
 * batch share the numbers, so that a result does not depend on the batch.
 */
public final class AutomatonDecoder implements CellularDecoder, PoolDecoder {
  private final Course course;
  private final int channels;
  private final long seed;

  /** Whether XLA compiles a training step, so that lists have a known length. */
  private final boolean compiled;

  /** In which a decoding without a history takes its batch. */
  private final Lanes lanes;

  private final ConvolutionAlgorithm algorithm;
  private final List<Rule> rules;

  /** Their nets, in the precision in which they are computed, on grids of any size. */
  private final List<Layer> nets;

  /** From z to the first state of a cell, if that is not z itself; in float32. */
  private final Optional<Layer> cell;

  private final List<Parameter> parameters;
  private final Weights weights;

  AutomatonDecoder(Course course, int latent, Parameters parameters) {
    this.course = course;
    this.channels = course.cellChannels(latent);
    this.seed = parameters.seed();
    this.algorithm = ConvolutionAlgorithm.DIRECT;
    this.rules = course.rules(latent);
    this.cell = course.cell(latent);
    this.nets = rules.stream().<Layer>map(Rule::net).toList();
    this.parameters =
        Stream.concat(nets.stream(), cell.stream())
            .flatMap(layer -> parameters.add(layer.parameters()).stream())
            .toList();
    this.weights = Weights.of(this.parameters);
    this.compiled = false;
    this.lanes = Lanes.ONE;
  }

  private AutomatonDecoder(
      AutomatonDecoder decoder,
      List<Layer> nets,
      ConvolutionAlgorithm algorithm,
      boolean compiled,
      Lanes lanes) {
    this.compiled = compiled;
    this.lanes = lanes;
    this.course = decoder.course;
    this.channels = decoder.channels;
    this.seed = decoder.seed;
    this.algorithm = algorithm;
    this.rules = decoder.rules;
    this.nets = nets;
    this.cell = decoder.cell;
    this.parameters = decoder.parameters;
    this.weights = decoder.weights;
  }

  /** Floating-point operations of decoding one latent vector outside of training. */
  static long flops(Course course, int latent) {
    List<Rule> rules = course.rules(latent);
    int channels = course.cellChannels(latent);
    long first = course.cell(latent).map(layer -> layer.flops(MapShape.row(latent))).orElse(0L);
    return first
        + IntStream.range(0, course.stages())
            .mapToLong(
                k ->
                    course.measured(k)
                        * rules
                            .get(course.rule(k))
                            .net()
                            .flops(MapShape.square(course.side(k), channels)))
            .sum();
  }

  private Rollout rollout(int stage, Apply apply) {
    Layer net = nets.get(course.rule(stage));
    return new Rollout(
        algorithm == ConvolutionAlgorithm.WINOGRAD ? net.onGrid(course.side(stage)) : net,
        weights,
        apply,
        compiled ? OptionalInt.of(course.most(stage)) : OptionalInt.empty(),
        lanes);
  }

  private Rollout rollout(int stage, StepDraws draws) {
    return rollout(stage, apply(rules.get(course.rule(stage)), draws));
  }

  /** Numbers of states that had some steps already. */
  private static StepDraws after(Ops tf, StepDraws draws, int steps) {
    return steps == 0 ? draws : draws.after(tf.constant(steps));
  }

  private Apply apply(Rule rule, StepDraws draws) {
    return rule.apply(channels, course.updateProbability(), course.noise(), draws);
  }

  private StepDraws measuring(Ops tf) {
    return StepDraws.measuring(tf, seed);
  }

  private static StepDraws training(Draw draw) {
    StepDraws draws = StepDraws.training(draw.seed(), draw.step(), draw.part());
    return draw.rows().map(draws::of).orElse(draws);
  }

  @Override
  public Optional<PoolDecoder> pooled() {
    return course.settling().trained() ? Optional.of(this) : Optional.empty();
  }

  @Override
  public DecoderDescription description(Ops tf) {
    if (cell.isPresent()) {
      throw NoDescription.because(
          "its cells begin with a learned map of z (model.decoder.channels), which the page does not compute");
    }
    return new DecoderDescription(
        IntStream.range(0, stages())
            .mapToObj(
                k ->
                    new DecoderDescription.Stage(
                        course.side(k), k > 0, course.measured(k), course.rule(k)))
            .toList(),
        rules.stream()
            .map(
                rule ->
                    new DecoderDescription.Rule(
                        rule.net().description(), apply(rule, measuring(tf)).description()))
            .toList());
  }

  @Override
  public AutomatonDecoder withPrecision(Precision precision) {
    return new AutomatonDecoder(
        this,
        nets.stream().map(net -> net.withPrecision(precision)).toList(),
        algorithm,
        compiled,
        lanes);
  }

  @Override
  public AutomatonDecoder withAlgorithm(ConvolutionAlgorithm other) {
    return new AutomatonDecoder(this, nets, other, compiled, lanes);
  }

  @Override
  public boolean compilable() {
    return course.updateProbability() == 1 && course.noise() == 0;
  }

  @Override
  public AutomatonDecoder compiled() {
    return new AutomatonDecoder(this, nets, algorithm, true, lanes);
  }

  @Override
  public AutomatonDecoder inLanes(Lanes other) {
    return new AutomatonDecoder(this, nets, algorithm, compiled, other);
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  /** z, or what is made of it, in every cell of the first grid. */
  @Override
  public Operand<TFloat32> seeds(Ops tf, Operand<TFloat32> z) {
    return begun(tf, z).states();
  }

  private Begun begun(Ops tf, Operand<TFloat32> z) {
    Optional<Layer.Forward> made =
        cell.map(layer -> layer.forward(tf, z, layer.prepared(tf, weights)));
    Operand<TFloat32> first = made.map(forward -> forward.float32(tf)).orElse(z);
    Operand<TFloat32> one = tf.expandDims(tf.expandDims(first, tf.constant(1)), tf.constant(1));
    return new Begun(
        tf.tile(one, tf.constant(new int[] {1, course.firstSide(), course.firstSide(), 1})),
        made.map(Layer.Forward::saved));
  }

  /**
   * What a decoding begins with.
   *
   * @param states of the first grid
   * @param saved of the map from z, if there is one
   */
  private record Begun(Operand<TFloat32> states, Optional<Saved> saved) {}

  private Layer.Backward begunBackward(Ops tf, Begun begun, Operand<TFloat32> dStates) {
    Operand<TFloat32> dFirst = tf.reduceSum(dStates, tf.constant(new int[] {1, 2}));
    return begun
        .saved()
        .map(saved -> back(tf, cell.orElseThrow(), saved, dFirst))
        .orElseGet(() -> new Layer.Backward(dFirst, Gradients.NONE));
  }

  private Layer.Backward back(Ops tf, Layer layer, Saved saved, Operand<TFloat32> dOutput) {
    return layer.backward(tf, saved, layer.prepared(tf, weights), dOutput);
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z) {
    Operand<TFloat32> state = seeds(tf, z);
    for (int k = 0; k < stages(); k++) {
      state = stage(tf.withSubScope("stage" + k), state, k);
    }
    return state;
  }

  @Override
  public List<String> counts() {
    boolean grows = course.growth() > 0;
    boolean settles = course.settling().trained() || course.settling().evaluation() > 0;
    return grows && settles ? List.of(STEPS, SETTLE) : List.of(STEPS);
  }

  @Override
  public Operand<TFloat32> decode(Ops tf, Operand<TFloat32> z, List<Operand<TInt32>> counts) {
    Operand<TInt32> steps = counts.get(0);
    Operand<TFloat32> state = seeds(tf, z);
    for (int k = 0; k < stages(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      StepDraws draws =
          k == 0
              ? measuring(stage)
              : measuring(stage).after(stage.math.mul(steps, stage.constant(k)));
      Operand<TInt32> here =
          k == course.last() && counts.size() > 1 ? stage.math.add(steps, counts.get(1)) : steps;
      state = rollout(k, draws).run(stage, k == 0 ? state : Doubling.forward(stage, state), here);
    }
    return state;
  }

  @Override
  public int stages() {
    return course.stages();
  }

  @Override
  public Operand<TFloat32> stage(Ops tf, Operand<TFloat32> states, int stage) {
    Operand<TFloat32> first = stage == 0 ? states : Doubling.forward(tf, states);
    return rollout(stage, after(tf, measuring(tf), course.before(stage)))
        .run(tf, first, tf.constant(course.measured(stage)));
  }

  @Override
  public Operand<TFloat32> advance(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return later(tf, time).run(tf, states, steps);
  }

  @Override
  public Operand<TFloat32> advanceWatched(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, Operand<TInt32> time) {
    return later(tf, time).forward(tf, states, steps, MemoryPolicy.RECOMPUTE).all(tf);
  }

  private Rollout later(Ops tf, Operand<TInt32> time) {
    return rollout(course.last(), measuring(tf).after(time));
  }

  @Override
  public CellularTrace trace(Ops tf, Operand<TFloat32> z, MemoryPolicy policy) {
    return grown(tf, z, policy, measuring(tf), tf.constant(course.measured(course.last())));
  }

  @Override
  public CellularTrace train(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    return grown(tf, z, policy, training(draw), lastSteps(tf, draw));
  }

  /** Steps of the last stage in training: those of growth, then those of settling. */
  private Operand<TInt32> lastSteps(Ops tf, Draw draw) {
    Operand<TInt32> growth = tf.constant(course.growth());
    if (!course.settling().trained()) {
      return growth;
    }
    return course.growth() == 0 ? steps(tf, draw) : tf.math.add(growth, steps(tf, draw));
  }

  @Override
  public Trace growth(Ops tf, Operand<TFloat32> z, MemoryPolicy policy, Draw draw) {
    if (course.growth() == 0) {
      Begun begun = begun(tf, z);
      return new GrowthTrace(begun, begun.states(), List.of());
    }
    return grown(tf, z, policy, training(draw), tf.constant(course.growth()));
  }

  /**
   * Grows through all stages.
   *
   * @param lastSteps of the last one, scalar int32
   */
  private GrowthTrace grown(
      Ops tf,
      Operand<TFloat32> z,
      MemoryPolicy policy,
      StepDraws draws,
      Operand<TInt32> lastSteps) {
    Operand<TInt32> steps = tf.constant(course.growth());
    List<Grown> stages = new ArrayList<>();
    Begun begun = begun(tf, z);
    Operand<TFloat32> state = begun.states();
    for (int k = 0; k < stages(); k++) {
      Ops stage = tf.withSubScope("stage" + k);
      Operand<TFloat32> first = k == 0 ? state : Doubling.forward(stage, state);
      Rollout rollout = rollout(k, after(stage, draws, course.before(k)));
      Operand<TInt32> here = k == course.last() ? lastSteps : steps;
      stages.add(new Grown(rollout, rollout.forward(stage, first, here, policy)));
      state = stages.get(k).history().last();
    }
    return new GrowthTrace(begun, state, stages);
  }

  /** Drawn from the setting's range, both ends included. */
  @Override
  public Operand<TInt32> steps(Ops tf, Draw draw) {
    int min = course.settling().min();
    int values = course.settling().max() - min + 1;
    Operand<TFloat32> drawn =
        org.vnca.graph.nn.Stream.ROLLOUT_STEPS.uniform(
            tf, tf.constant(new int[0]), draw.seed(), draw.step());
    Operand<TInt32> above =
        tf.dtypes.cast(tf.math.mul(drawn, tf.constant((float) values)), TInt32.class);
    // A product that is rounded up could reach the number of values itself.
    Operand<TInt32> within = tf.math.minimum(above, tf.constant(values - 1));
    return tf.math.add(tf.constant(min), within);
  }

  @Override
  public Trace settle(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, MemoryPolicy policy, Draw draw) {
    StepDraws draws = after(tf, training(draw), course.before(course.stages()));
    return settled(tf, states, steps, policy, rollout(course.last(), draws));
  }

  /**
   * As {@link #settle}, with updates that are applied in another way.
   *
   * @param apply how updates are applied
   */
  public Trace settle(
      Ops tf, Operand<TFloat32> states, Operand<TInt32> steps, MemoryPolicy policy, Apply apply) {
    return settled(tf, states, steps, policy, rollout(course.last(), apply));
  }

  private static Trace settled(
      Ops tf,
      Operand<TFloat32> states,
      Operand<TInt32> steps,
      MemoryPolicy policy,
      Rollout rollout) {
    return new SettlingTrace(new Grown(rollout, rollout.forward(tf, states, steps, policy)));
  }

  /** A stage that was grown. */
  private record Grown(Rollout rollout, Rollout.History history) {}

  /** A rollout of states that came from anywhere. */
  private record SettlingTrace(Grown grown) implements Trace {
    @Override
    public Operand<TFloat32> last() {
      return grown.history().last();
    }

    /** In place of a latent vector's gradient, that of the first states, {@code [B, H, W, C]}. */
    @Override
    public Layer.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      return grown
          .rollout()
          .backward(tf, grown.history(), dLast, grown.rollout().zeroGradients(tf));
    }
  }

  private final class GrowthTrace implements CellularTrace {
    private final Begun begun;
    private final Operand<TFloat32> last;
    private final List<Grown> grown;

    GrowthTrace(Begun begun, Operand<TFloat32> last, List<Grown> grown) {
      this.begun = begun;
      this.last = last;
      this.grown = Collections.unmodifiableList(grown);
    }

    @Override
    public Operand<TFloat32> last() {
      return last;
    }

    @Override
    public Layer.Backward backward(Ops tf, Operand<TFloat32> dLast) {
      List<Gradients> sums = new ArrayList<>();
      for (int n = 0; n < Math.min(nets.size(), grown.size()); n++) {
        sums.add(grown.get(n).rollout().zeroGradients(tf));
      }
      Operand<TFloat32> dState = dLast;
      for (int k = grown.size() - 1; k >= 0; k--) {
        Ops stage = tf.withSubScope("stage" + k);
        Grown one = grown.get(k);
        int net = course.rule(k);
        Layer.Backward back = one.rollout().backward(stage, one.history(), dState, sums.get(net));
        sums.set(net, back.dWeights());
        dState = k > 0 ? Doubling.backward(stage, back.dx()) : back.dx();
      }
      Gradients all = Gradients.NONE;
      for (Gradients sum : sums) {
        all = all.plus(tf, sum);
      }
      Layer.Backward first = begunBackward(tf, begun, dState);
      return new Layer.Backward(first.dx(), all.plus(tf, first.dWeights()));
    }

    @Override
    public List<Operand<TFloat32>> stages(Ops tf) {
      List<Operand<TFloat32>> stages = new ArrayList<>();
      grown.forEach(stage -> stages.add(stage.history().all(tf)));
      return stages;
    }
  }
}
