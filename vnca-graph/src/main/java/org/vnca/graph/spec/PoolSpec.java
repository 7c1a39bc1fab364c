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
 * @param from training step before which none is read, so that a batch is all fresh images; what
 *     becomes of them fills the pool; 0 in the paper
 * @param keepBelow the most that an entry's error, -log p(image | state), may be when it is put
 *     back, as a multiple of the median error of the batch's fresh images; 0 for no limit, as in
 *     the paper
 * @param kl whose KL the loss counts; all in the paper
 * @param enter share of a batch's fresh images whose last states enter a pool that is full, at
 *     least one; above 0, at most 1, as in the paper. The fewer, the longer an entry stays: with
 *     half of a batch from the pool, entries have been read 1 / enter times on average
 */
public record PoolSpec(
    int size, int damage, Used used, long from, double keepBelow, Kl kl, double enter) {
  /** The paper's pool, for images of 32 x 32. */
  public static final PoolSpec PAPER = new PoolSpec(1024, 16, Used.STAY);

  /** Training without a pool. */
  public static final PoolSpec NONE = new PoolSpec(0, 16, Used.STAY);

  public PoolSpec {
    InvalidSetting.requireAtLeast("size", size, 0);
    InvalidSetting.requireAtLeast("damage", damage, 0);
    InvalidSetting.requirePresent("used", used);
    InvalidSetting.requireAtLeast("from", from, 0);
    boolean limit = keepBelow >= 1 && keepBelow < Double.POSITIVE_INFINITY;
    if (!(keepBelow == 0 || limit)) {
      throw new InvalidSetting(
          "keepBelow", "must be 0, for no limit, or at least 1 and finite", keepBelow);
    }
    InvalidSetting.requirePresent("kl", kl);
    if (!(enter > 0 && enter <= 1)) {
      throw new InvalidSetting("enter", "must be above 0 and at most 1", enter);
    }
  }

  /** The paper's use of a pool. */
  public PoolSpec(int size, int damage, Used used) {
    this(size, damage, used, 0, 0, Kl.ALL, 1);
  }

  /** The same of another size. */
  public PoolSpec sized(int other) {
    return new PoolSpec(other, damage, used, from, keepBelow, kl, enter);
  }

  /** The same, used otherwise. */
  public PoolSpec with(long first, double most, Kl counted) {
    return new PoolSpec(size, damage, used, first, most, counted, enter);
  }

  /** The same, of whose batches' fresh images another share enters. */
  public PoolSpec entering(double share) {
    return new PoolSpec(size, damage, used, from, keepBelow, kl, share);
  }

  /** Whether bad entries are not put back. */
  public boolean drops() {
    return present() && keepBelow > 0;
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

  /** Whose KL the loss counts. */
  public enum Kl {
    /**
     * That of all images of a batch, as the paper's pseudo-code has it (A.3), though the latent
     * vectors of those from the pool go nowhere: the encoder is trained at twice beta.
     */
    ALL,
    /** That of fresh images alone. */
    FRESH
  }
}
