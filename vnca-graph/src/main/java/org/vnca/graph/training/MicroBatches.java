package org.vnca.graph.training;

/**
 * Into how many parts of equal size a device divides its images: it decodes and differentiates one
 * after the other, and adds the gradients up, so that what the decoder keeps is there for one at a
 * time.
 *
 * @param batch images of a step, of all devices together
 * @param least images that a part should have at least: fewer are slower
 * @param fixed how many parts, if that is given; 0 if it follows from the other two
 */
public record MicroBatches(int batch, int least, int fixed) {
  /** No division. */
  public static final MicroBatches WHOLE = new MicroBatches(1, 1);

  /** As many as there are enough images for. */
  public MicroBatches(int batch, int least) {
    this(batch, least, 0);
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
    return new MicroBatches(batch, 1, count);
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
    for (int count = Math.min(MOST, images / least); count > 1; count--) {
      if (images % count == 0) {
        return count;
      }
    }
    return 1;
  }
}
