package org.vnca.graph.rollout;

import java.util.List;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Lanes;
import org.vnca.graph.nn.Layer;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Saved;
import org.vnca.graph.nn.Weights;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * A rule applied T times, z_(t+1) = apply(z_t, u(perceive(z_t)), mask_t), and its gradient.
 *
 * <p>The forward loop pushes what the backward pass needs of each step on tensor lists: the states
 * ({@link MemoryPolicy#RECOMPUTE}) or what the net saves of them and of its activations ({@link
 * MemoryPolicy#STORE}); the masks that read the states with both. The backward loop pops them in
 * reverse order and adds the weights' gradients up. T may be fed.
 */
public final class Rollout {
  private final Layer net;
  private final Weights values;
  private final Apply apply;
  private final OptionalInt most;
  private final Lanes lanes;

  /**
   * @param net perception and update, u(perceive(z)): the net of a rule
   * @param values of its parameters in the main graph, those of others among them
   * @param apply what becomes of an update
   */
  public Rollout(Layer net, Weights values, Apply apply) {
    this(net, values, apply, OptionalInt.empty(), Lanes.ONE);
  }

  /**
   * @param net perception and update, u(perceive(z)): the net of a rule
   * @param values of its parameters in the main graph, those of others among them
   * @param apply what becomes of an update
   * @param most steps that are ever kept, which XLA's compiler has to know; empty for any number
   * @param lanes in which {@link #run} takes the batch
   */
  public Rollout(Layer net, Weights values, Apply apply, OptionalInt most, Lanes lanes) {
    this.net = net;
    this.values = values;
    this.apply = apply;
    this.most = most;
    this.lanes = lanes;
  }

  /**
   * Runs without a history, for evaluation and pictures: memory does not grow with T.
   *
   * @param z cell states {@code [B, H, W, C]}
   * @param steps T, scalar int32
   * @return the states after T steps
   */
  public Operand<TFloat32> run(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps) {
    Weights weights = net.prepared(tf, values);
    return lanes.over(tf, z, 4, (lane, part) -> run(lane, part, steps, weights), 4);
  }

  private Operand<TFloat32> run(
      Ops tf, Operand<TFloat32> z, Operand<TInt32> steps, Weights weights) {
    Loop loop = new Loop(tf, "run", steps);
    Loop.Variable<TFloat32> states = loop.variable(z);
    states.next(step(loop, states.now(), weights).next().states());
    loop.end();
    return states.last();
  }

  /**
   * Runs and keeps the history that {@link #backward} needs.
   *
   * @param z cell states {@code [B, H, W, C]}
   * @param steps T, scalar int32
   */
  public History forward(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps, MemoryPolicy policy) {
    Weights weights = net.prepared(tf, values);
    Loop loop = new Loop(tf, "forward", steps);
    Loop.Variable<TFloat32> states = loop.variable(z);
    Step step = step(loop, states.now(), weights);
    states.next(step.next().states());
    KeptSteps kept = kept(loop, step, states.now(), policy);
    loop.end();
    return new History(states.last(), kept, steps, policy);
  }

  private KeptSteps kept(Loop loop, Step step, Operand<TFloat32> states, MemoryPolicy policy) {
    boolean store = policy == MemoryPolicy.STORE;
    Saved tensors = step.kept(store ? step.forward().saved() : Saved.of(states));
    if (most.isPresent()) {
      return KeptSteps.ofLength(loop, tensors, most.getAsInt());
    }
    return store ? KeptSteps.byType(loop, tensors) : KeptSteps.oneByOne(loop, tensors);
  }

  /**
   * The gradient of a rollout.
   *
   * @param history what {@link #forward} returned
   * @param dzLast gradient of the last states, {@code [B, H, W, C]}
   * @param sums gradients to which those of this rollout are added: {@link #zeroGradients}, or
   *     those of another rollout with the same parameters
   * @return {@code dx} is the gradient of the first states
   */
  public Layer.Backward backward(
      Ops tf, History history, Operand<TFloat32> dzLast, Gradients sums) {
    Weights weights = net.prepared(tf, values);
    Loop loop = new Loop(tf, "backward", history.steps());
    Ops body = loop.tf();
    Loop.Variable<TFloat32> dz = loop.variable(dzLast);
    Saved kept = history.kept().popped(loop);
    Operand<TInt32> t = body.math.sub(body.math.sub(history.steps(), body.constant(1)), loop.t());
    Layer.Backward step = stepBack(body, history.policy(), kept, dz.now(), t, weights);
    dz.next(step.dx());
    GradientSums summed = new GradientSums(loop, net.parameters(), sums, step.dWeights());
    loop.end();
    return new Layer.Backward(dz.last(), summed.last(tf));
  }

  /** Zeros of the shapes of the net's weights, to start {@link #backward} with. */
  public Gradients zeroGradients(Ops tf) {
    return Gradients.zeros(tf, net.parameters(), values);
  }

  private Step step(Loop loop, Operand<TFloat32> z, Weights weights) {
    Layer.Forward forward = net.forward(loop.tf(), z, weights);
    return new Step(forward, apply.forward(loop.tf(), z, forward.float32(loop.tf()), loop.t()));
  }

  private Layer.Backward stepBack(
      Ops body,
      MemoryPolicy policy,
      Saved kept,
      Operand<TFloat32> dNext,
      Operand<TInt32> t,
      Weights weights) {
    Saved ofNet = kept.parts().get(0);
    Apply.Gradient applied = apply.backward(body, kept.parts().get(1), dNext, t);
    Layer.Backward back =
        policy == MemoryPolicy.STORE
            ? net.backward(body, ofNet, weights, applied.dUpdate())
            : recomputed(body, Loop.typed(ofNet.own().get(0)), weights, applied.dUpdate());
    return new Layer.Backward(body.math.add(applied.dz(), back.dx()), back.dWeights());
  }

  /**
   * The gradient of a step whose activations were not kept.
   *
   * <p>TensorFlow runs whatever is ready, and iterations of a loop ahead. All states are there
   * before the first gradient is. So a recomputation is made to wait for the gradient that it
   * serves; otherwise all steps would be recomputed at once. And the gradient of the states is
   * handed on only when those of the weights are done; otherwise the next recomputation would begin
   * while the activations of this one are still held.
   */
  private Layer.Backward recomputed(
      Ops body, Operand<TFloat32> z, Weights weights, Operand<TFloat32> dUpdate) {
    // An input of the body itself is nothing that could be waited for.
    Operand<TFloat32> here = body.identity(dUpdate);
    Operand<TFloat32> states = body.withControlDependencies(List.of(here)).identity(z);
    Layer.Backward back =
        net.backward(body, net.forward(body, states, weights).saved(), weights, here);
    return new Layer.Backward(
        body.withControlDependencies(List.<Op>copyOf(back.dWeights().operands()))
            .identity(back.dx()),
        back.dWeights());
  }

  /** One step and what its net computed on the way. */
  private record Step(Layer.Forward forward, Apply.Next next) {
    /** What is kept of it: of the net, then of the masks. */
    Saved kept(Saved ofNet) {
      return Saved.ofParts(List.of(ofNet, next.kept()));
    }
  }

  /**
   * A forward pass that can be differentiated.
   *
   * @param last states after T steps, {@code [B, H, W, C]}
   * @param kept the states before each step, or, if stored, what the net saved of each step; then
   *     the masks that read the states
   * @param steps T, scalar int32
   * @param policy what was kept
   */
  public record History(
      Operand<TFloat32> last, KeptSteps kept, Operand<TInt32> steps, MemoryPolicy policy) {

    /**
     * The first states and those after each step.
     *
     * @return {@code [T + 1, B, H, W, C]}
     * @throws IllegalStateException unless the states were kept, with {@link
     *     MemoryPolicy#RECOMPUTE}
     */
    public Operand<TFloat32> all(Ops tf) {
      if (policy != MemoryPolicy.RECOMPUTE) {
        throw new IllegalStateException("the states of the steps were not kept");
      }
      Operand<TFloat32> before =
          tf.tensorListStack(kept.lists().get(0), tf.constant(-1), TFloat32.class);
      return tf.concat(List.of(before, tf.expandDims(last, tf.constant(0))), tf.constant(0));
    }
  }
}
