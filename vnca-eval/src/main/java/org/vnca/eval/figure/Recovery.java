package org.vnca.eval.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.vnca.eval.OpenRun;
import org.vnca.eval.chart.Chart;
import org.vnca.eval.damage.Damage;
import org.vnca.graph.session.States;
import org.vnca.graph.session.StudySession;
import org.vnca.train.console.Progress;
import org.vnca.train.picture.Panel;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.TileSheet;

/** Figures of damaged and of long-lived states. */
final class Recovery {
  private static final int STRIP_COLUMNS = 16;
  private static final int EVERY = 100;
  private static final double MILLION = 1e6;
  private static final int TIMES = 10;

  /** A log-likelihood of so many times the first has exploded. */
  private static final double EXPLODED = 10;

  private static final double CHART_WIDTH = 400;
  private static final double CHART_HEIGHT = 150;

  private static final int DELAY = 12;
  private static final int REST = 120;

  /** Steps between two damages, where all of a decoding is one stage. */
  private static final int BETWEEN = 8;

  private Recovery() {}

  /** Damaged dreams and what becomes of them (paper, figures 9, 10 and 16). */
  static Drawn recovery(Subject subject) {
    Damage damage = new Damage.Square(subject.image().height() / 2);
    int steps = subject.run().steps();
    StudySession study = subject.study();
    float[][] original;
    List<float[][]> path = new ArrayList<>();
    try (Progress progress = subject.progress("steps", steps)) {
      States grown = study.last(subject.dreams());
      original = study.means(grown);
      States states = damage.of(grown, subject.seed(), subject.numbers());
      path.add(study.means(states));
      for (int t = 0; t < steps; t++) {
        states = study.advance(states, 1, t);
        path.add(study.means(states));
        subject.done(progress, t + 1);
      }
    }
    TileSheet grid = new TileSheet().sizedFor(STRIP_COLUMNS / 2);
    grid.row("original", subject.pictures(original));
    grid.row("damaged", subject.pictures(path.get(0)));
    grid.row("%d steps later".formatted(steps), subject.pictures(path.get(steps)));
    List<PixelImage> strip = path.stream().map(means -> subject.picture(means[0])).toList();
    TileSheet detail = new TileSheet().sizedFor(STRIP_COLUMNS);
    for (int from = 0; from < strip.size(); from += STRIP_COLUMNS) {
      detail.row("step " + from, strip.subList(from, Math.min(strip.size(), from + STRIP_COLUMNS)));
    }
    double[] distances =
        path.stream().mapToDouble(means -> Subject.distance(means, original)).toArray();
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("samples", subject.count());
    numbers.put("damage", damage.name());
    numbers.put("steps", steps);
    numbers.put("distanceAtEachStep", boxed(distances));
    return new Drawn(
        List.of(grid, detail),
        recoveryFrames(subject, original, path),
        Subject.text(
            "Damage recovery of samples. Above: samples, the same with a square of %d x %d cells set to zero at a random place, and after %d further steps. Below: the first, after the damage and after each step. Means of p(x|z); mean absolute difference from the original %.4f after the damage, %.4f at the end.",
            subject.image().height() / 2,
            subject.image().height() / 2,
            steps,
            distances[0],
            distances[steps]),
        numbers);
  }

  private static List<Drawn.Frame> recoveryFrames(
      Subject subject, float[][] original, List<float[][]> path) {
    List<Drawn.Frame> frames = new ArrayList<>();
    frames.add(frame(subject, "original", original, REST));
    for (int t = 0; t < path.size(); t++) {
      boolean end = t == 0 || t == path.size() - 1;
      String title = t == 0 ? "damaged" : "step %d of %d".formatted(t, path.size() - 1);
      frames.add(frame(subject, title, path.get(t), end ? REST : DELAY));
    }
    return frames;
  }

  private static Drawn.Frame frame(Subject subject, String title, float[][] means, int hundredths) {
    List<PixelImage> images = subject.pictures(means);
    TileSheet grid = TileSheet.of(images, TileSheet.columns(images.size())).enlarged(2);
    return new Drawn.Frame(Page.frame(title, grid), hundredths);
  }

  /** Reconstructions that run on for 1,000 steps (paper, section 3.3). */
  static Drawn stability(Subject subject) {
    OpenRun.TestImages images = subject.run().images(subject.seed(), subject.count());
    byte[] stored = images.read(0, images.count());
    StudySession study = subject.study();
    List<float[][]> means = new ArrayList<>();
    double[] nats = new double[TIMES + 1];
    double[] distances = new double[TIMES + 1];
    try (Progress progress = subject.progress("steps", EVERY * TIMES)) {
      States states = study.last(subject.sampling().posteriorMeans(stored));
      for (int time = 0; time <= TIMES; time++) {
        means.add(study.means(states));
        nats[time] = Subject.mean(study.logLikelihoods(states, stored));
        distances[time] = Subject.distance(means.get(time), means.get(0));
        for (int done = 0; time < TIMES && done < EVERY; done += EVERY / TIMES) {
          states = study.advance(states, EVERY / TIMES, time * EVERY + done);
          subject.done(progress, (long) time * EVERY + done + EVERY / TIMES);
        }
      }
    }
    double[] steps = IntStream.rangeClosed(0, TIMES).mapToDouble(i -> i * EVERY).toArray();
    List<PixelImage> originals = subject.pictures(subject.sampling().pixels(stored));
    TileSheet grid = new TileSheet();
    List<String> labels = new ArrayList<>(List.of("image"));
    Arrays.stream(steps).forEach(step -> labels.add(Integer.toString((int) step)));
    for (int i = 0; i < images.count(); i++) {
      List<PixelImage> row = new ArrayList<>(List.of(originals.get(i)));
      for (float[][] at : means) {
        row.add(subject.picture(at[i]));
      }
      grid.row("", row);
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("images", images.count());
    numbers.put("furtherSteps", boxed(steps));
    numbers.put("logLikelihoodNats", boxed(nats));
    numbers.put("bitsPerDim", Arrays.stream(nats).mapToObj(subject::bitsPerDim).toList());
    numbers.put("distanceToTheFirst", boxed(distances));
    Chart chart = course(steps, nats);
    return Drawn.still(
        List.<Panel>of(grid.columns(labels), chart),
        Subject.text(
            "Stability: test images, and the mean of p(x|z) of their reconstructions after further steps of the automaton. Below: log p(image | state), averaged over %d images: %.1f nats at first, %s.%s",
            images.count(),
            nats[0],
            end(nats),
            chart.missing().map(words -> " In the chart: " + words).orElse("")),
        numbers);
  }

  /** Where the course explodes, the axis is logarithmic, and the sign is turned for it. */
  private static Chart course(double[] steps, double[] nats) {
    double most = EXPLODED * Math.abs(nats[0]);
    boolean explodes = Arrays.stream(nats).anyMatch(value -> value < -most);
    double[] values = Arrays.stream(nats).map(value -> explodes ? -value : value).toArray();
    return new Chart(
            "further steps",
            explodes ? "\u2212log p(x|z), nats" : "log p(x|z), nats",
            CHART_WIDTH,
            CHART_HEIGHT)
        .logarithmicAbove(explodes ? most : Double.POSITIVE_INFINITY)
        .curve("mean", steps, values);
  }

  private static String end(double[] nats) {
    for (int time = 0; time <= TIMES; time++) {
      if (!Double.isFinite(nats[time])) {
        return Subject.text(
            "but after %,d steps the states are no numbers any more (grey)", time * EVERY);
      }
    }
    String last = Math.abs(nats[TIMES]) < MILLION ? "%.1f" : "%.2g";
    return Subject.text(last + " after %,d steps", nats[TIMES], EVERY * TIMES);
  }

  /** The right half set to zero on the way (paper, figure 11). */
  static Drawn duringGrowth(Subject subject) {
    StudySession study = subject.study();
    boolean cellular = subject.sampling().grows();
    boolean single = cellular && study.stages() == 1;
    // The baseline's last layer does not enlarge: it is no up-convolution.
    int places =
        single
            ? (subject.run().steps() + BETWEEN - 1) / BETWEEN
            : study.stages() - (cellular ? 0 : 1);
    int perStage = single ? BETWEEN : subject.run().steps() / study.stages();
    List<float[][]> means = new ArrayList<>();
    try (Progress progress = subject.progress("decodings", places + 1)) {
      States before = study.seeds(subject.dreams());
      means.add(study.means(rest(subject, before, 0, perStage, single)));
      subject.done(progress, 1);
      for (int k = 0; k < places; k++) {
        States harmed = new Damage.Half().of(before, subject.seed(), subject.numbers());
        means.add(study.means(rest(subject, harmed, k, perStage, single)));
        if (k < places - 1) {
          before = single ? study.advance(before, BETWEEN, BETWEEN * k) : study.stage(before, k);
        }
        subject.done(progress, k + 2);
      }
    }
    List<String> labels = new ArrayList<>(List.of("none"));
    List<Double> distances = new ArrayList<>();
    for (int k = 0; k < places; k++) {
      labels.add(cellular ? "t=" + k * perStage : "up " + (k + 1));
      distances.add(Subject.distance(means.get(k + 1), means.get(0)));
    }
    TileSheet grid = new TileSheet().sizedFor(10);
    for (int i = 0; i < subject.count(); i++) {
      int sample = i;
      grid.row("", means.stream().map(at -> subject.picture(at[sample])).toList());
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("samples", subject.count());
    numbers.put("damageBefore", labels.subList(1, labels.size()));
    numbers.put("distanceToUndamaged", distances);
    return Drawn.still(
        List.of(grid.columns(labels)),
        "Unconditional samples, exposed to damage at stages of growth: at the left none, then with the right half of all states set to zero "
            + (cellular
                ? single
                    ? "at step t."
                    : "at step t: the initial state, then just before each doubling."
                : "before each up-convolution.")
            + " Means of p(x|z).",
        numbers);
  }

  private static States rest(
      Subject subject, States states, int place, int perStage, boolean single) {
    int done = place * perStage;
    return single
        ? subject.study().advance(states, subject.run().steps() - done, done)
        : subject.study().lastFrom(states, place);
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
