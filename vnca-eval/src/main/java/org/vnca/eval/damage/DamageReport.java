package org.vnca.eval.damage;

import java.util.List;

/**
 * How images recover from damage to their cells.
 *
 * @param run the run's directory
 * @param step of the checkpoint
 * @param decoder the decoder's type
 * @param split which images
 * @param images how many
 * @param steps that follow each damage
 * @param damages how large they are
 * @param seed which images, damage and bootstrap draws
 * @param threshold the largest distance at which an image counts as recovered
 * @param interval what the intervals hold, 0.95
 * @param draws of the bootstrap over images
 * @param curves the control, then each damage
 * @param seconds wall time
 * @param weights that were measured: {@code average} or {@code trained}
 * @param besideAverage whether they are those that were trained although the checkpoint has their
 *     average
 */
public record DamageReport(
    String run,
    long step,
    String decoder,
    String split,
    int images,
    int steps,
    Damages damages,
    long seed,
    double threshold,
    double interval,
    int draws,
    List<Curve> curves,
    double seconds,
    String weights,
    boolean besideAverage) {

  /** As the study's files are called, without their endings: all that it depends on. */
  public String name() {
    return "damage-%s-step%d-images%d-steps%d-square%d-cells%s-noise%s-row%d-within%s-seed%d%s"
        .formatted(
            split,
            step,
            images,
            steps,
            damages.squareSide(),
            damages.cellShare(),
            damages.noiseSigma(),
            damages.squaresInRow(),
            threshold,
            seed,
            besideAverage ? "-trained-weights" : "");
  }

  /**
   * One damage, or several in a row.
   *
   * @param name of the whole
   * @param damages each followed by the report's number of steps; none for the control
   * @param atSteps steps since the first damage, at each moment; a step at which damage is done
   *     again stands there twice, before and after
   * @param distance mean absolute difference, over the image's values, of the mean image of p(x|z)
   *     from the undamaged one; 1 where it is no number
   * @param bitsPerDim of the original image under the state
   * @param recovered share of the images whose distance is at most the threshold
   * @param lastDistanceAboveControl of the last moment, image by image, from the control after as
   *     many steps
   */
  public record Curve(
      String name,
      List<String> damages,
      List<Integer> atSteps,
      List<Estimate> distance,
      List<Estimate> bitsPerDim,
      List<Estimate> recovered,
      Estimate lastDistanceAboveControl) {}

  /**
   * A mean over images; null where it is no number.
   *
   * @param low lower end of the interval
   * @param high upper end
   */
  public record Estimate(Double mean, Double low, Double high) {
    static Estimate of(Bootstrap.Interval interval) {
      return Double.isFinite(interval.mean())
          ? new Estimate(interval.mean(), interval.low(), interval.high())
          : new Estimate(null, null, null);
    }
  }
}
