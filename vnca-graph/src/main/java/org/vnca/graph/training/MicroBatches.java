package org.vnca.graph.training;

/**
 * Into how many parts of equal size a device divides its images: it decodes and differentiates one
 * after the other, or some side by side, and adds the gradients up, so that what the decoder keeps
 * is there for few at a time.
 *
 * @param batch images of a step, of all devices together
 * @param least images that a part should have at least: fewer are slower
 * @param fixed how many parts, if that is given; 0 if it follows from the other two
 * @param lanes how many parts a device computes side by side, which divides their number
 */
public record MicroBatches(int batch, int least, int fixed, int lanes) {
  /** No division. */
  public static final MicroBatches WHOLE = new MicroBatches(1, 1);

  /** As many as there are enough images for. */
  public MicroBatches(int batch, int least) {
    this(batch, least, 0, 1);
  }

  /** Each is a part of the graph, which takes time to build. */
  private static final int MOST = 8;

  /**
   * So many on every device, whatever their size.
   *
   * @param batch images of a step, of all devices together
   * @param count how many, which must divide a device's images
   */
  public static MicroBatches exactly(int batch, int count) {
    return new MicroBatches(batch, 1, count, 1);
  }

  /**
   * How many there are.
   *
   * @param devices among which the batch is divided
   */
  public int count(int devices) {
    if (fixed > 0) {
      return fixed;
    }
    int images = batch / devices;
    // Side by side they are smaller, so that they take no more memory together.
    for (int count = Math.min(MOST, images * lanes / least); count > lanes; count--) {
      if (images % count == 0 && count % lanes == 0) {
        return count;
      }
    }
    return lanes;
  }

  /** What the number of parts that are computed side by side must divide. */
  public int divisible() {
    return fixed > 0 ? fixed : batch;
  }

  /** The same, with parts side by side. */
  public MicroBatches with(int sideBySide) {
    return new MicroBatches(batch, least, fixed, sideBySide);
  }
}
