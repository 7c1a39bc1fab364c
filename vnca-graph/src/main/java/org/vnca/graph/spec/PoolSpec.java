package org.vnca.graph.spec;

/**
 * The pool of a decoder's own last states, on which it is trained to stay and to heal (paper,
 * section 3.3 and A.3): half of a batch goes on from states of the pool, half of those with a
 * square of cells set to zero.
 *
 * @param size P, states that are kept; 1024 in the paper; 0 for training without a pool
 * @param damage side of the square, in cells; half the image's in the paper, so 16 of 32; 0 for no
 *     damage
 * @param used what becomes of entries that a batch has used
 */
public record PoolSpec(int size, int damage, Used used) {
  /** The paper's pool, for images of 32 x 32. */
  public static final PoolSpec PAPER = new PoolSpec(1024, 16, Used.STAY);

  /** Training without a pool. */
  public static final PoolSpec NONE = new PoolSpec(0, 16, Used.STAY);

  public PoolSpec {
    InvalidSetting.requireAtLeast("size", size, 0);
    InvalidSetting.requireAtLeast("damage", damage, 0);
    InvalidSetting.requirePresent("used", used);
  }

  /** Whether there is a pool. */
  public boolean present() {
    return size > 0;
  }

  /** What becomes of entries that a batch has used. */
  public enum Used {
    /** They stay beside the states that became of them, as the paper's pseudo-code has it (A.3). */
    STAY,
    /** They make room, as in the authors' program. */
    REMOVED
  }
}
