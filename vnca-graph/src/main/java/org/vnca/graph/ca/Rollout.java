package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.TensorListPopBack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.spec.MemoryPolicy;

/**
 * The update net applied T times, z_(t+1) = z_t + mask * u(z_t), and its gradient.
 *
 * <p>The forward loop pushes what the backward pass needs of each step on tensor lists: the states
 * ({@link MemoryPolicy#RECOMPUTE}) or what the net saves of them and of its activations ({@link
 * MemoryPolicy#STORE}). The backward loop pops them in reverse order and adds the weights'
 * gradients up. T may be fed.
 */
public final class Rollout {
  private final UpdateNet net;
  private final List<Operand<TFloat32>> weights;
  private final CellUpdate cells;

  /**
   * @param net the update net
   * @param weights the values of its parameters in the main graph
   * @param cells which cells each step updates
   */
  public Rollout(UpdateNet net, List<Operand<TFloat32>> weights, CellUpdate cells) {
    this.net = net;
    this.weights = List.copyOf(weights);
    this.cells = cells;
  }

  /** The same, each of whose net's convolutions is changed. */
  Rollout mapped(UnaryOperator<Convolution> change) {
    return new Rollout(net.mapped(change), weights, cells);
  }

  /**
   * Runs without a history, for evaluation and pictures: memory does not grow with T.
   *
   * @param z cell states {@code [B, H, W, C]}
   * @param steps T, scalar int32
   * @return the states after T steps
   */
  public Operand<TFloat32> run(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps) {
    List<Operand<?>> last =
        Loop.run(
            tf,
            "run",
            steps,
            List.of(z),
            constants(tf),
            (body, t, variables, constants) -> {
              Operand<TFloat32> now = Loop.typed(variables.get(0));
              return List.of(step(body, now, t, constants).next());
            });
    return Loop.typed(last.get(0));
  }

  /**
   * Runs and keeps the history that {@link #backward} needs.
   *
   * @param z cell states {@code [B, H, W, C]}
   * @param steps T, scalar int32
   */
  public History forward(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps, MemoryPolicy policy) {
    List<Operand<?>> variables = new ArrayList<>();
    variables.add(z);
    for (Class<? extends TNumber> type : listTypes(policy)) {
      variables.add(tf.emptyTensorList(tf.constant(-1), tf.constant(-1), type).asOutput());
    }
    List<Operand<?>> last =
        Loop.run(
            tf,
            "forward",
            steps,
            variables,
            constants(tf),
            (body, t, before, constants) -> {
              Operand<TFloat32> now = Loop.typed(before.get(0));
              Step step = step(body, now, t, constants);
              List<Operand<?>> kept =
                  policy == MemoryPolicy.STORE ? step.forward().saved() : List.of(now);
              List<Operand<?>> after = new ArrayList<>();
              after.add(step.next());
              for (int i = 0; i < kept.size(); i++) {
                after.add(push(body, before.get(1 + i), kept.get(i)));
              }
              return after;
            });
    return new History(Loop.typed(last.get(0)), last.subList(1, last.size()), steps, policy);
  }

  /**
   * The gradient of a rollout.
   *
   * @param history what {@link #forward} returned
   * @param dzLast gradient of the last states, {@code [B, H, W, C]}
   * @param dWeights gradients to which those of this rollout are added, or zeros
   */
  public UpdateNet.Backward backward(
      Ops tf, History history, Operand<TFloat32> dzLast, List<Operand<TFloat32>> dWeights) {
    List<Operand<?>> variables = new ArrayList<>();
    variables.add(dzLast);
    variables.addAll(dWeights);
    variables.addAll(history.lists());
    int firstList = 1 + dWeights.size();
    List<Class<? extends TNumber>> types = listTypes(history.policy());
    List<Operand<?>> constants = new ArrayList<>(constants(tf));
    constants.add(tf.math.sub(history.steps(), tf.constant(1)));
    List<Operand<?>> last =
        Loop.run(
            tf,
            "backward",
            history.steps(),
            variables,
            constants,
            (body, back, before, inside) -> {
              Operand<TInt32> lastStep = Loop.typed(inside.get(inside.size() - 1));
              List<TensorListPopBack<? extends TNumber>> popped = new ArrayList<>();
              for (int i = 0; i < types.size(); i++) {
                popped.add(
                    body.tensorListPopBack(
                        Loop.typed(before.get(firstList + i)), body.constant(-1), types.get(i)));
              }
              UpdateNet.Backward step =
                  stepBack(
                      body,
                      history.policy(),
                      popped.stream().<Operand<?>>map(TensorListPopBack::tensor).toList(),
                      Loop.typed(before.get(0)),
                      body.math.sub(lastStep, back),
                      inside);
              List<Operand<?>> after = new ArrayList<>();
              after.add(step.dz());
              for (int i = 0; i < dWeights.size(); i++) {
                Operand<TFloat32> sum = Loop.typed(before.get(1 + i));
                after.add(body.math.add(sum, step.dWeights().get(i)));
              }
              popped.forEach(p -> after.add(p.outputHandle()));
              return after;
            });
    List<Operand<TFloat32>> gradients = Loop.typed(last.subList(0, firstList));
    return new UpdateNet.Backward(gradients.get(0), gradients.subList(1, firstList));
  }

  /** Zeros of the shapes of the net's weights, to start {@link #backward} with. */
  public List<Operand<TFloat32>> zeroGradients(Ops tf) {
    List<Operand<TFloat32>> zeros = new ArrayList<>();
    weights.forEach(weight -> zeros.add(tf.zerosLike(weight)));
    return Collections.unmodifiableList(zeros);
  }

  /** The types of what is kept of a step. */
  private List<Class<? extends TNumber>> listTypes(MemoryPolicy policy) {
    return policy == MemoryPolicy.STORE ? net.savedTypes() : List.of(TFloat32.class);
  }

  private List<Operand<?>> constants(Ops tf) {
    List<Operand<?>> constants = new ArrayList<>(net.prepared(tf, weights));
    constants.addAll(cells.captured());
    return constants;
  }

  private Step step(Ops body, Operand<TFloat32> z, Operand<TInt32> t, List<Operand<?>> constants) {
    UpdateNet.Forward forward = net.forward(body, z, weightsIn(constants));
    Operand<TFloat32> update = masked(body, forward.update(), t, constants);
    return new Step(body.math.add(z, update), forward);
  }

  private UpdateNet.Backward stepBack(
      Ops body,
      MemoryPolicy policy,
      List<Operand<?>> kept,
      Operand<TFloat32> dNext,
      Operand<TInt32> t,
      List<Operand<?>> constants) {
    Operand<TFloat32> dUpdate = masked(body, dNext, t, constants);
    UpdateNet.Backward back =
        policy == MemoryPolicy.STORE
            ? net.backward(body, kept, weightsIn(constants), dUpdate)
            : recomputed(body, Loop.typed(kept.get(0)), weightsIn(constants), dUpdate);
    return new UpdateNet.Backward(body.math.add(dNext, back.dz()), back.dWeights());
  }

  /**
   * The gradient of a step whose activations were not kept.
   *
   * <p>The states are there long before the gradient, and TensorFlow runs the iterations of a loop
   * ahead, and whatever is ready at once. So each recomputation has to wait for the gradient that
   * it is made for, or all steps would be recomputed at once, and the next one until the
   * activations are no longer held for the kernels' gradients.
   */
  private UpdateNet.Backward recomputed(
      Ops body, Operand<TFloat32> z, List<Operand<?>> weightsHere, Operand<TFloat32> dUpdate) {
    // An input of the body itself is nothing that could be waited for.
    Operand<TFloat32> here = body.identity(dUpdate);
    Operand<TFloat32> states = body.withControlDependencies(List.of(here)).identity(z);
    UpdateNet.Backward back =
        net.backward(body, net.forward(body, states, weightsHere).saved(), weightsHere, here);
    return new UpdateNet.Backward(
        body.withControlDependencies(List.<Op>copyOf(back.dWeights())).identity(back.dz()),
        back.dWeights());
  }

  private Operand<TFloat32> masked(
      Ops body, Operand<TFloat32> update, Operand<TInt32> t, List<Operand<?>> constants) {
    int first = weights.size();
    List<Operand<?>> captured = constants.subList(first, first + cells.captured().size());
    return cells
        .mask(body, update, t, captured)
        .<Operand<TFloat32>>map(mask -> body.math.mul(mask, update))
        .orElse(update);
  }

  private List<Operand<?>> weightsIn(List<Operand<?>> constants) {
    return constants.subList(0, weights.size());
  }

  private static Operand<?> push(Ops body, Operand<?> list, Operand<?> value) {
    return body.tensorListPushBack(Loop.typed(list), Loop.typed(value)).asOutput();
  }

  /** One step and what its net computed on the way. */
  private record Step(Operand<TFloat32> next, UpdateNet.Forward forward) {}

  /**
   * A forward pass that can be differentiated.
   *
   * @param last states after T steps, {@code [B, H, W, C]}
   * @param lists handles of the tensor lists: the states before each step, or, if stored, what
   *     {@link UpdateNet.Forward#saved} has of each step
   * @param steps T, scalar int32
   * @param policy what was kept
   */
  public record History(
      Operand<TFloat32> last, List<Operand<?>> lists, Operand<TInt32> steps, MemoryPolicy policy) {

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
          tf.tensorListStack(Loop.typed(lists.get(0)), tf.constant(-1), TFloat32.class);
      return tf.concat(List.of(before, tf.expandDims(last, tf.constant(0))), tf.constant(0));
    }
  }
}
