package org.vnca.cli.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Json;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.damage.DamageReport;
import org.vnca.eval.damage.DamageStudy;
import org.vnca.eval.damage.Damages;
import org.vnca.eval.figure.DamageCurves;
import org.vnca.eval.figure.Style;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.trainer.ModelWeights;

/** Measures how a run's automaton recovers from damage. */
public final class DamageCommand implements Command {
  private static final String IMAGES = "images";
  private static final String STEPS = "steps";
  private static final String SQUARE = "square";
  private static final String CELLS = "cells";
  private static final String NOISE = "noise";
  private static final String IN_A_ROW = "in-a-row";
  private static final String THRESHOLD = "threshold";
  private static final String SEED = "seed";
  private static final String BATCH = "batch";
  private static final int HOW_MANY = 100;
  private static final int AT_A_TIME = 16;
  private static final double NEAR = 0.02;

  /** From here on a number is written with its power of ten. */
  private static final double MANY = 1e5;

  @Override
  public Usage usage() {
    return new Usage(
        "damage",
        List.of("RUN"),
        "measure how damaged test images recover, step by step",
        List.of(
            "Full-grown states are damaged: a square at a random place, the right half, cells here"
                + " and there, Gaussian noise, several squares in a row; a control is not. After"
                + " every further step: the distance of the mean image from the undamaged one, the"
                + " bits per dimension of the original, the share that has recovered, each with a"
                + " 95 % bootstrap interval. The numbers go to RUN/evaluation/, the curves to"
                + " RUN/figures/."),
        List.of(
            Flag.valued(
                IMAGES,
                "N",
                "how many test images, a random subset; 0 for all; default: " + HOW_MANY),
            Flag.valued(STEPS, "N", "steps after each damage; default: as many as a decoding has"),
            Flag.valued(
                SQUARE,
                "N",
                "side of the square that is set to zero, in cells; default: half that of the grid"),
            Flag.valued(
                CELLS,
                "P",
                "share of the cells that are set to zero, above 0 to 1; default: "
                    + Damages.DEFAULT.cellShare()),
            Flag.valued(
                NOISE,
                "S",
                "standard deviation of the noise that is added to every channel; default: "
                    + Damages.DEFAULT.noiseSigma()),
            Flag.valued(
                IN_A_ROW,
                "N",
                "squares in a row, at least 2, with all steps after each; default: "
                    + Damages.DEFAULT.squaresInRow()),
            Flag.valued(
                THRESHOLD,
                "D",
                "the largest distance (0 to 1) of an image that counts as recovered; default: "
                    + NEAR),
            Flag.valued(SEED, "N", "other images and damage; default: 0"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS,
            Flag.WHICH_DATA,
            Flag.WHICH_DEVICE,
            Flag.valued(
                BATCH,
                "N",
                "images at a time: memory and speed, not the result; default: " + AT_A_TIME),
            Flag.valued(Flag.OUT, PictureFlags.FILE, "where the curves go; default: RUN/figures/"),
            PictureFlags.AS_WHAT,
            PictureFlags.HOW_WIDE,
            PictureFlags.WITHOUT_TITLE),
        List.of(
            "damage checkpoints/mnist-damage",
            "damage checkpoints/quickstart --images 20",
            "damage checkpoints/mnist-damage --square 8 --noise 1.5 --in-a-row 5"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    Optional<Path> out = words.pathOf(Flag.OUT);
    Style style = PictureFlags.style(words, format(words, out));
    DamageStudy.Options options =
        new DamageStudy.Options(
            words.whole(IMAGES, 0).orElse(HOW_MANY),
            words.whole(STEPS, 1, Words.MOST).orElse(0),
            damages(words),
            words.positive(THRESHOLD, 1).orElse(NEAR),
            words.seed(SEED).orElse(0L),
            words.model(),
            words.whole(BATCH, 1, Words.MOST).orElse(AT_A_TIME));
    DamageReport report = DamageStudy.of(words.run(0), options, console.watch());
    Path picture = DamageCurves.draw(report, style, out);
    Map<String, Object> answer = Json.fields(report);
    answer.put("picture", picture.toString());
    console.answer(answer, text(report, picture));
    return DONE;
  }

  private static PictureFormat format(Words words, Optional<Path> out) {
    return out.map(file -> PictureFlags.format(words, file))
        .orElseGet(
            () ->
                words
                    .choice(PictureFlags.FORMAT, PictureFormat.names())
                    .flatMap(PictureFormat::of)
                    .orElse(PictureFormat.PNG));
  }

  private static Damages damages(Words words) {
    return new Damages(
        words.whole(SQUARE, 1).orElse(Damages.DEFAULT.squareSide()),
        words.positive(CELLS, 1).orElse(Damages.DEFAULT.cellShare()),
        words.positive(NOISE, Float.MAX_VALUE).orElse(Damages.DEFAULT.noiseSigma()),
        words.whole(IN_A_ROW, 2, 1000).orElse(Damages.DEFAULT.squaresInRow()));
  }

  private static String text(DamageReport report, Path picture) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("damage", "steps", "distance", "95 %", "above control", "recovered", "bits/dim"));
    DamageReport.Curve control = report.curves().get(0);
    List<DamageReport.Curve> damaged = report.curves().subList(1, report.curves().size());
    // Undamaged states drift, too: each damage stands beside the control after as many steps.
    damaged.stream()
        .map(DamageCommand::last)
        .map(moment -> moment.curve().atSteps().get(moment.index()))
        .distinct()
        .sorted()
        .forEach(steps -> rows.add(row(new Moment(control, control.atSteps().indexOf(steps)))));
    damaged.forEach(curve -> rows.add(row(last(curve))));
    return "%s%n%s: %s images of %s, step %s%s"
        .formatted(
            Text.table(rows),
            picture,
            Text.count(report.images()),
            report.split(),
            Text.count(report.step()),
            ModelWeights.of(report.weights()).behindStep());
  }

  /** A curve at one of its moments. */
  private record Moment(DamageReport.Curve curve, int index) {}

  private static Moment last(DamageReport.Curve curve) {
    return new Moment(curve, curve.atSteps().size() - 1);
  }

  private static List<String> row(Moment moment) {
    DamageReport.Curve curve = moment.curve();
    int at = moment.index();
    DamageReport.Estimate distance = curve.distance().get(at);
    boolean control = curve.damages().isEmpty();
    return List.of(
        curve.name(),
        Integer.toString(curve.atSteps().get(at)),
        number("%.4f", distance.mean()),
        number("%.4f", distance.low()) + " to " + number("%.4f", distance.high()),
        control ? "" : number("%.4f", curve.lastDistanceAboveControl().mean()),
        number("%.2f", curve.recovered().get(at).mean()),
        number("%.4f", curve.bitsPerDim().get(at).mean()));
  }

  private static String number(String format, Double value) {
    if (value == null) {
      return "-";
    }
    return String.format(Locale.ROOT, Math.abs(value) < MANY ? format : "%.2e", value);
  }
}
