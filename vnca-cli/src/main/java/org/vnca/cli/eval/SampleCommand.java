package org.vnca.cli.eval;

import java.nio.file.Path;
import java.util.List;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.SampleReport;
import org.vnca.eval.SampleSheet;
import org.vnca.train.trainer.ModelWeights;

/** Draws what a run's model dreams. */
public final class SampleCommand implements Command {
  /** How many dreams, if nothing else is said. */
  public static final int COUNT = 64;

  private static final String HOW_MANY = "count";
  private static final String MEAN = "mean";

  @Override
  public Usage usage() {
    return new Usage(
        "sample",
        List.of("RUN"),
        "draw images that the model dreams: z from the prior, x from p(x|z)",
        List.of(),
        List.of(
            Flag.required(Flag.OUT, PictureFlags.FILE, "where the sheet of images goes"),
            Flag.valued(HOW_MANY, "N", "how many images; default: " + COUNT),
            Flag.of(MEAN, "show the means of p(x|z) in place of samples"),
            PictureFlags.AS_WHAT,
            PictureFlags.HOW_WIDE,
            PictureFlags.DOUBLINGS,
            PictureFlags.SIDE,
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS,
            Flag.WHICH_DEVICE),
        List.of(
            "sample checkpoints/quickstart --out samples.png --count 16 --mean",
            "sample checkpoints/quickstart --out samples.pdf --width 85",
            "sample checkpoints/quickstart --out large.png --doublings 6 --count 4"));
  }

  @Override
  public int run(Words words, Console console) {
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    SampleSheet.Options options =
        new SampleSheet.Options(
            words.whole(HOW_MANY, 1, Words.MOST).orElse(COUNT),
            words.has(MEAN),
            PictureFlags.format(words, out),
            PictureFlags.room(words),
            PictureFlags.size(words),
            words.model());
    SampleReport report = SampleSheet.draw(words.run(0), options, out, console.watch());
    console.answer(report, text(report));
    return DONE;
  }

  /** What was drawn, in a line. */
  public static String text(SampleReport report) {
    return "%s: %d %s of step %s%s"
        .formatted(
            report.file(),
            report.count(),
            report.mean() ? "means" : "samples",
            Text.count(report.step()),
            ModelWeights.of(report.weights()).behindStep());
  }
}
