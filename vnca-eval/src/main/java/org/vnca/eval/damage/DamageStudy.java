package org.vnca.eval.damage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.vnca.eval.OpenRun;
import org.vnca.graph.session.States;
import org.vnca.graph.session.StudySession;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.console.Progress;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Watch;

/**
 * Recovery from damage (paper, section 3.3), measured on test images: their full-grown states are
 * damaged, and looked at after every further step. Memory grows with the images by a few numbers a
 * step only.
 */
public final class DamageStudy {
  private final OpenRun run;
  private final Options options;
  private final OpenRun.TestImages images;
  private final int steps;
  private final Damages damages;
  private final Treatment control;
  private final List<Treatment> treatments;

  private DamageStudy(OpenRun run, Options options) {
    this.run = run;
    this.options = options;
    this.images = run.images(options.seed(), options.images());
    this.steps = options.steps() == 0 ? run.steps() : options.steps();
    this.damages = options.damages().on(run.session().image().height());
    this.control = new Treatment("control", List.of(), images.count());
    this.treatments = new ArrayList<>();
    damages
        .treatments()
        .forEach((name, all) -> treatments.add(new Treatment(name, all, images.count())));
  }

  /**
   * Measures, and writes the report to {@code RUN/evaluation/}.
   *
   * @param path the run's directory
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   * @throws org.vnca.eval.StudyException if the decoder is no automaton
   * @throws InvalidSetting if the square is larger than the grid
   * @throws org.vnca.data.fault.DatasetException if the run's dataset cannot be read
   * @throws org.vnca.base.fault.Stopped if it was stopped
   */
  public static DamageReport of(Path path, Options options, Watch watch) {
    long began = System.nanoTime();
    try (OpenRun run = OpenRun.open(path, options.model(), watch)) {
      run.requireAutomaton("damage");
      DamageStudy study = new DamageStudy(run, options);
      study.measure();
      List<DamageReport.Curve> curves = study.curves();
      DamageReport report =
          new DamageReport(
              path.toString(),
              run.step(),
              run.decoderType(),
              run.testSplit(),
              study.images.count(),
              study.steps,
              study.damages,
              options.seed(),
              options.threshold(),
              Bootstrap.LEVEL,
              Bootstrap.DRAWS,
              curves,
              (System.nanoTime() - began) / 1e9,
              run.weights().word(),
              run.besideAverage());
      run.directory().writeEvaluation(report.name(), report);
      return report;
    }
  }

  private void measure() {
    try (Progress progress =
        run.watch().progress("damage " + run.directory().name(), "images", images.count(), 0)) {
      for (int from = 0; from < images.count(); from += options.batch()) {
        int to = Math.min(images.count(), from + options.batch());
        measure(from, to);
        progress.step(to, steps + " steps");
        run.requireGoingOn("damage");
      }
    }
  }

  private void measure(int from, int to) {
    byte[] stored = images.read(from, to);
    StudySession study = run.session().study();
    States grown = study.last(run.session().sampling().posteriorMeans(stored));
    float[][] reference = study.means(grown);
    int longest =
        treatments.stream().mapToInt(treatment -> treatment.damages().size()).max().orElse(1);
    StudySession.Watched undamaged = study.watch(grown, stored, longest * steps, 0);
    note(control, undamaged, reference, from, 0, 0);
    for (Treatment treatment : treatments) {
      States states = grown;
      for (int round = 0; round < treatment.damages().size(); round++) {
        States harmed =
            treatment
                .damages()
                .get(round)
                .of(states, options.seed() + round, images.numbers(from, to));
        StudySession.Watched seen = study.watch(harmed, stored, steps, round * steps);
        note(treatment, seen, reference, from, round * (steps + 1), round * steps);
        states = seen.last();
        run.requireGoingOn("damage");
      }
    }
  }

  private void note(
      Treatment treatment,
      StudySession.Watched seen,
      float[][] reference,
      int from,
      int firstMoment,
      int firstStep) {
    double perDim = run.session().image().dimensions() * Math.log(2);
    for (int t = 0; t < seen.means().size(); t++) {
      for (int i = 0; i < reference.length; i++) {
        double distance = distance(seen.means().get(t)[i], reference[i]);
        treatment.note(
            firstMoment + t, firstStep + t, from + i, distance, -seen.nats().get(t)[i] / perDim);
      }
    }
  }

  private static double distance(float[] image, float[] reference) {
    double sum = 0;
    for (int i = 0; i < image.length; i++) {
      sum += Math.abs(image[i] - reference[i]);
    }
    return Double.isFinite(sum) ? sum / image.length : 1;
  }

  private List<DamageReport.Curve> curves() {
    Bootstrap bootstrap = new Bootstrap(images.count(), options.seed());
    List<DamageReport.Curve> curves = new ArrayList<>(List.of(curve(control, bootstrap)));
    treatments.forEach(treatment -> curves.add(curve(treatment, bootstrap)));
    return curves;
  }

  private DamageReport.Curve curve(Treatment treatment, Bootstrap bootstrap) {
    List<DamageReport.Estimate> distance = new ArrayList<>();
    List<DamageReport.Estimate> bits = new ArrayList<>();
    List<DamageReport.Estimate> recovered = new ArrayList<>();
    for (int moment = 0; moment < treatment.moments(); moment++) {
      distance.add(DamageReport.Estimate.of(bootstrap.of(treatment.distances(moment))));
      bits.add(DamageReport.Estimate.of(bootstrap.of(treatment.bits(moment))));
      recovered.add(
          DamageReport.Estimate.of(bootstrap.of(treatment.recovered(moment, options.threshold()))));
    }
    return new DamageReport.Curve(
        treatment.name(),
        treatment.damages().stream().map(Damage::name).toList(),
        IntStream.range(0, treatment.moments()).mapToObj(treatment::step).toList(),
        distance,
        bits,
        recovered,
        DamageReport.Estimate.of(bootstrap.of(treatment.lastAbove(control))));
  }

  /**
   * What is measured.
   *
   * @param images how many, a random subset; 0 for all
   * @param steps after each damage; 0 for as many as a decoding has
   * @param damages how large they are
   * @param threshold the largest distance at which an image counts as recovered
   * @param seed which images, damage and bootstrap draws
   * @param model of which checkpoint, and on which device
   * @param batch images at a time; changes memory, not the result
   */
  public record Options(
      int images,
      int steps,
      Damages damages,
      double threshold,
      long seed,
      ModelChoice model,
      int batch) {
    public Options {
      InvalidSetting.requireAtLeast("images", images, 0);
      InvalidSetting.requireAtLeast("steps", steps, 0);
      InvalidSetting.requirePositive("threshold", threshold);
      InvalidSetting.requireAtLeast("batch", batch, 1);
    }
  }
}
