package org.vnca.graph.rollout;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.TensorListPopBack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Gradients;
import org.vnca.graph.nn.Groups;
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

  /**
   * @param net perception and update, u(perceive(z)): the net of a rule
   * @param values of its parameters in the main graph, those of others among them
   * @param apply what becomes of an update
   */
  public Rollout(Layer net, Weights values, Apply apply) {
    this.net = net;
    this.values = values;
    this.apply = apply;
  }

  /**
   * Runs without a history, for evaluation and pictures: memory does not grow with T.
   *
   * @param z cell states {@code [B, H, W, C]}
   * @param steps T, scalar int32
   * @return the states after T steps
   */
  public Operand<TFloat32> run(Ops tf, Operand<TFloat32> z, Operand<TInt32> steps) {
    Constants read = captured(tf);
    List<Operand<?>> last =
        Loop.run(
            tf,
            "run",
            steps,
            List.of(z),
            read.all().all(),
            (body, t, variables, constants) -> {
              Operand<TFloat32> now = Loop.typed(variables.get(0));
              return List.of(step(body, now, t, read.inside(constants)).next().states());
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
    Constants read = captured(tf);
    Kept kept = kept(read, policy);
    List<Operand<?>> lists = new ArrayList<>();
    for (Class<? extends TNumber> type : kept.ofLists()) {
      lists.add(tf.emptyTensorList(tf.constant(-1), tf.constant(-1), type).asOutput());
    }
    Groups variables = Groups.of(List.of(z), lists);
    Groups last =
        variables.inside(
            Loop.run(
                tf,
                "forward",
                steps,
                variables.all(),
                read.all().all(),
                (body, t, before, constants) -> {
                  Groups now = variables.inside(before);
                  Operand<TFloat32> states = Loop.typed(now.get(0).get(0));
                  Step step = step(body, states, t, read.inside(constants));
                  return Groups.of(
                          List.of(step.next().states()),
                          kept.pushed(body, now.get(1), step.kept(states, policy).operands()))
                      .all();
                }));
    return new History(Loop.typed(last.get(0).get(0)), last.get(1), kept, steps, policy);
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
    Constants read = captured(tf);
    SummedGradients form = new SummedGradients(net.parameters());
    Groups variables = Groups.of(List.of(dzLast), form.of(tf, sums), history.lists());
    Groups constants =
        Groups.of(read.all().all(), List.of(tf.math.sub(history.steps(), tf.constant(1))));
    Groups last =
        variables.inside(
            Loop.run(
                tf,
                "backward",
                history.steps(),
                variables.all(),
                constants.all(),
                (body, back, before, inside) -> {
                  Groups now = variables.inside(before);
                  Groups outer = constants.inside(inside);
                  List<Operand<?>> lists = new ArrayList<>(now.get(2));
                  Saved kept = history.kept().popped(body, lists);
                  Operand<TInt32> lastStep = Loop.typed(outer.get(1).get(0));
                  Layer.Backward step =
                      stepBack(
                          body,
                          history.policy(),
                          kept,
                          Loop.typed(now.get(0).get(0)),
                          body.math.sub(lastStep, back),
                          read.inside(outer.get(0)));
                  return Groups.of(
                          List.of(step.dx()),
                          form.sum(body, now.get(1), form.of(body, step.dWeights())),
                          lists)
                      .all();
                }));
    return new Layer.Backward(Loop.typed(last.get(0).get(0)), form.from(tf, last.get(1)));
  }

  /** Zeros of the shapes of the net's weights, to start {@link #backward} with. */
  public Gradients zeroGradients(Ops tf) {
    return Gradients.zeros(tf, net.parameters(), values);
  }

  private Constants captured(Ops tf) {
    return new Constants(net.prepared(tf, values), apply.captured());
  }

  /** What is kept of a step; found by building one into a graph that is never run. */
  private Kept kept(Constants read, MemoryPolicy policy) {
    try (Graph graph = new Graph()) {
      Ops body = Ops.create(graph);
      List<Operand<?>> inside = new ArrayList<>();
      read.all().all().forEach(o -> inside.add(body.placeholder(o.asOutput().type())));
      Operand<TFloat32> z = body.placeholder(TFloat32.class);
      Step step = step(body, z, body.placeholder(TInt32.class), read.inside(inside));
      Saved saved = step.kept(z, policy);
      return Kept.of(saved, policy);
    }
  }

  private Step step(Ops body, Operand<TFloat32> z, Operand<TInt32> t, Constants read) {
    Layer.Forward forward = net.forward(body, z, read.weights());
    return new Step(forward, apply.forward(body, z, forward.float32(body), t, read.captured()));
  }

  private Layer.Backward stepBack(
      Ops body,
      MemoryPolicy policy,
      Saved kept,
      Operand<TFloat32> dNext,
      Operand<TInt32> t,
      Constants read) {
    Saved ofNet = kept.parts().get(0);
    Apply.Gradient applied = apply.backward(body, kept.parts().get(1), dNext, t, read.captured());
    Layer.Backward back =
        policy == MemoryPolicy.STORE
            ? net.backward(body, ofNet, read.weights(), applied.dUpdate())
            : recomputed(body, Loop.typed(ofNet.own().get(0)), read.weights(), applied.dUpdate());
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

  /**
   * What a loop's body reads of the outer graph.
   *
   * @param weights prepared
   * @param captured what masks and noise read
   */
  private record Constants(Weights weights, Groups captured) {
    Groups all() {
      return Groups.of(weights.operands(), captured.all());
    }

    Constants inside(List<Operand<?>> constants) {
      Groups here = all().inside(constants);
      return new Constants(weights.inside(here.get(0)), captured.inside(here.get(1)));
    }
  }

  /** One step and what its net computed on the way. */
  private record Step(Layer.Forward forward, Apply.Next next) {
    /** What is kept of it: of the net, then of the masks. */
    Saved kept(Operand<TFloat32> before, MemoryPolicy policy) {
      Saved ofNet = policy == MemoryPolicy.STORE ? forward.saved() : Saved.of(before);
      return Saved.ofParts(List.of(ofNet, next.kept()));
    }
  }

  /**
   * What the tensor lists hold. What a net saved of a step lies in one list for each type, one
   * behind another, since each list takes four operations more in every iteration; the states have
   * a list of their own.
   *
   * @param form which tensor is what
   * @param types of the tensors
   * @param lists in which list each tensor lies
   */
  public record Kept(Saved.Form form, List<Class<? extends TNumber>> types, List<Integer> lists) {

    private static Kept of(Saved saved, MemoryPolicy policy) {
      List<Class<? extends TNumber>> types = saved.types();
      List<Class<? extends TNumber>> different = types.stream().distinct().toList();
      List<Integer> lists = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        lists.add(policy == MemoryPolicy.STORE ? different.indexOf(types.get(i)) : i);
      }
      return new Kept(saved.form(), types, lists);
    }

    /** The types of the lists. */
    private List<Class<? extends TNumber>> ofLists() {
      List<Class<? extends TNumber>> ofLists = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        if (lists.get(i) == ofLists.size()) {
          ofLists.add(types.get(i));
        }
      }
      return ofLists;
    }

    private List<Operand<?>> pushed(Ops body, List<Operand<?>> before, List<Operand<?>> values) {
      List<Operand<?>> after = new ArrayList<>(before);
      for (int i = 0; i < values.size(); i++) {
        int list = lists.get(i);
        Operand<?> value = values.get(i);
        after.set(
            list,
            body.tensorListPushBack(Loop.typed(after.get(list)), Loop.typed(value)).asOutput());
      }
      return after;
    }

    /**
     * Takes a step from the lists.
     *
     * @param handles of the lists, in whose place those of the shorter ones are put
     */
    private Saved popped(Ops body, List<Operand<?>> handles) {
      List<Operand<?>> tensors = new ArrayList<>();
      for (int i = types.size() - 1; i >= 0; i--) {
        int list = lists.get(i);
        TensorListPopBack<? extends TNumber> last =
            body.tensorListPopBack(Loop.typed(handles.get(list)), body.constant(-1), types.get(i));
        handles.set(list, last.outputHandle());
        tensors.add(0, last.tensor());
      }
      return form.of(tensors);
    }
  }

  /**
   * A forward pass that can be differentiated.
   *
   * @param last states after T steps, {@code [B, H, W, C]}
   * @param lists handles of the tensor lists
   * @param kept what the lists hold
   * @param steps T, scalar int32
   * @param policy what was kept
   */
  public record History(
      Operand<TFloat32> last,
      List<Operand<?>> lists,
      Kept kept,
      Operand<TInt32> steps,
      MemoryPolicy policy) {

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
