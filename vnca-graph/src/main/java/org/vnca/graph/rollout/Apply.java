package org.vnca.graph.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.vnca.graph.description.DecoderDescription;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Saved;

/**
 * What becomes of an update: z_(t+1) = l (z_t + m u + noise), where m and l are products of masks.
 *
 * @param updated whose product is m: which cells take part in the step; none for all
 * @param noise added to the states, if any
 * @param living whose product is l: which cells live on; none for all
 */
public record Apply(List<CellMask> updated, Optional<StateNoise> noise, List<CellMask> living) {
  /** z + u, as in the paper. */
  public static final Apply SUM = new Apply(List.of(), Optional.empty(), List.of());

  public Apply {
    updated = List.copyOf(updated);
    living = List.copyOf(living);
  }

  /** z + m u. */
  public static Apply masked(CellMask mask) {
    return new Apply(List.of(mask), Optional.empty(), List.of());
  }

  /** The same for programs without TensorFlow. */
  public DecoderDescription.Apply description() {
    return new DecoderDescription.Apply(
        updated.stream().map(CellMask::description).toList(),
        noise.map(StateNoise::description),
        living.stream().map(CellMask::description).toList());
  }

  /**
   * The next states.
   *
   * @param z the states, {@code [B, H, W, C]}
   * @param update u, of the same shape
   * @param t scalar int32, the step, from 0
   */
  Next forward(Ops tf, Operand<TFloat32> z, Operand<TFloat32> update, Operand<TInt32> t) {
    List<Saved> kept = new ArrayList<>();
    Operand<TFloat32> masked = update;
    for (int i = 0; i < updated.size(); i++) {
      CellMask.Cells cells = new CellMask.Cells(z, z, t);
      masked = product(tf, updated.get(i), cells, masked, kept);
    }
    Operand<TFloat32> next = tf.math.add(z, masked);
    if (noise.isPresent()) {
      next = noise.get().added(tf, next, t);
    }
    CellMask.Cells cells = new CellMask.Cells(z, next, t);
    for (int i = 0; i < living.size(); i++) {
      next = product(tf, living.get(i), cells, next, kept);
    }
    return new Next(next, Saved.ofParts(kept));
  }

  private static Operand<TFloat32> product(
      Ops tf, CellMask mask, CellMask.Cells cells, Operand<TFloat32> x, List<Saved> kept) {
    Operand<TFloat32> factor = mask.mask(tf, cells);
    kept.add(mask.readsStates() ? Saved.of(factor) : Saved.NOTHING);
    return tf.math.mul(factor, x);
  }

  /**
   * The gradients of one step by its states, beside the way through the update, and by its update.
   *
   * @param kept as {@link Next#kept()}
   * @param dNext the gradient of the next states
   * @param t scalar int32, the step
   */
  Gradient backward(Ops tf, Saved kept, Operand<TFloat32> dNext, Operand<TInt32> t) {
    CellMask.Cells sizes = new CellMask.Cells(dNext, dNext, t);
    Operand<TFloat32> dz = dNext;
    for (int i = living.size() - 1; i >= 0; i--) {
      int place = updated.size() + i;
      dz = masked(tf, living.get(i), sizes, kept.parts().get(place), dz);
    }
    Operand<TFloat32> dUpdate = dz;
    for (int i = updated.size() - 1; i >= 0; i--) {
      dUpdate = masked(tf, updated.get(i), sizes, kept.parts().get(i), dUpdate);
    }
    return new Gradient(dz, dUpdate);
  }

  private static Operand<TFloat32> masked(
      Ops tf, CellMask mask, CellMask.Cells sizes, Saved kept, Operand<TFloat32> gradient) {
    Operand<TFloat32> factor =
        mask.readsStates() ? Loop.typed(kept.own().get(0)) : mask.mask(tf, sizes);
    return tf.math.mul(factor, gradient);
  }

  /**
   * The states after a step.
   *
   * @param states {@code [B, H, W, C]}
   * @param kept the masks that read the states
   */
  record Next(Operand<TFloat32> states, Saved kept) {}

  /**
   * Gradients of a step.
   *
   * @param dz of the states, but for the way through the update
   * @param dUpdate of the update
   */
  record Gradient(Operand<TFloat32> dz, Operand<TFloat32> dUpdate) {}
}
