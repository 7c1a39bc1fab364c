package org.vnca.eval;

import java.util.OptionalInt;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.InvalidSetting;

/**
 * How large the images are that are drawn of a model; an automaton makes others than it was trained
 * for, with the same weights.
 *
 * @param doublings of a doubling decoder, if they are not those that it was trained with
 * @param side of the grid of a non-doubling decoder, if it is not that it was trained with
 */
public record GridSize(OptionalInt doublings, OptionalInt side) {
  /** As it was trained. */
  public static final GridSize TRAINED = new GridSize(OptionalInt.empty(), OptionalInt.empty());

  private static final int MOST_DOUBLINGS = 10;

  public GridSize {
    if (doublings.isPresent() && side.isPresent()) {
      throw new InvalidSetting("doublings", "must not be given beside side", doublings.getAsInt());
    }
    if (doublings.isPresent()
        && (doublings.getAsInt() < 0 || doublings.getAsInt() > MOST_DOUBLINGS)) {
      throw new InvalidSetting(
          "doublings", "must be from 0 to " + MOST_DOUBLINGS, doublings.getAsInt());
    }
  }

  /** Whether it is another one than it was trained with, or may be. */
  public boolean asked() {
    return doublings.isPresent() || side.isPresent();
  }

  /**
   * The images' side; nothing if it is the data's.
   *
   * @param run what is named in a refusal
   * @throws StudyException if the decoder is of another kind
   * @throws InvalidSetting if the decoder cannot make them
   */
  public OptionalInt sideFor(DecoderSpec decoder, Object run) {
    if (!asked()) {
      return side;
    }
    if (!decoder.cellular()) {
      throw new StudyException(
          "another size needs a cellular automaton, but the decoder of %s is %s; leave --doublings and --side out"
              .formatted(run, decoder.type()));
    }
    if (doublings.isPresent() && !(decoder instanceof DecoderSpec.Doubling)) {
      throw new StudyException(
          "the decoder of %s is %s and has no doublings; give --side in place of --doublings"
              .formatted(run, decoder.type()));
    }
    if (side.isPresent() && decoder instanceof DecoderSpec.Doubling) {
      throw new StudyException(
          "the decoder of %s is doubling, so doublings decide its size; give --doublings in place of --side"
              .formatted(run));
    }
    int wanted = doublings.isPresent() ? 2 << doublings.getAsInt() : side.getAsInt();
    decoder.grown(wanted);
    return OptionalInt.of(wanted);
  }
}
