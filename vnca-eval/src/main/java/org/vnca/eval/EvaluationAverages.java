package org.vnca.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vnca.train.measure.ImageBound;
import org.vnca.train.measure.Mean;

/** Averages over the images of an evaluation, one image at a time. */
final class EvaluationAverages {
  private final EvaluationHeader header;
  private final double natsPerBitPerDim;
  private final List<Mean> bounds = new ArrayList<>();
  private final Mean elbo = new Mean();
  private final Mean reconstruction = new Mean();
  private final Mean kl = new Mean();

  /**
   * Averages of nothing yet.
   *
   * @param dimensions H W channels of an image as the model sees it
   */
  EvaluationAverages(EvaluationHeader header, int dimensions) {
    this.header = header;
    this.natsPerBitPerDim = dimensions * Math.log(2);
    header.samples().forEach(count -> bounds.add(new Mean()));
  }

  /** Adds every image of a file. */
  EvaluationAverages addAll(EvaluationFile file) {
    file.forEach(this::add);
    return this;
  }

  private void add(ImageBound image) {
    for (int i = 0; i < bounds.size(); i++) {
      bounds.get(i).add(image.bounds().get(i));
    }
    elbo.add(image.elboNats());
    reconstruction.add(image.reconstructionNats());
    kl.add(image.klNats());
  }

  /**
   * The report.
   *
   * @param path the run's directory
   * @param variances over images, of each unit's posterior mean
   */
  EvaluationReport report(Path path, double[] variances, double seconds) {
    List<EvaluationReport.Bound> all = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i++) {
      Mean mean = bounds.get(i);
      all.add(
          new EvaluationReport.Bound(
              header.samples().get(i),
              mean.value(),
              mean.standardError(),
              -mean.value() / natsPerBitPerDim));
    }
    EvaluationReport.Bound most = all.get(all.size() - 1);
    return new EvaluationReport(
        path.toString(),
        header.step(),
        header.split(),
        header.images(),
        most.samples(),
        "iwae",
        most.nats(),
        most.natsStandardError(),
        most.bitsPerDim(),
        elbo.value(),
        reconstruction.value(),
        kl.value(),
        seconds,
        elbo.standardError(),
        reconstruction.standardError(),
        kl.standardError(),
        -elbo.value() / natsPerBitPerDim,
        -reconstruction.value() / natsPerBitPerDim,
        kl.value() / natsPerBitPerDim,
        all,
        ActiveUnits.count(variances),
        variances.length,
        header.seed(),
        Path.of(header.fileName() + ".csv").getFileName().toString(),
        header.further(),
        header.weights().word());
  }
}
