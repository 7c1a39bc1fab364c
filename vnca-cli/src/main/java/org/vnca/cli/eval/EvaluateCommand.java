package org.vnca.cli.eval;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.Evaluation;
import org.vnca.eval.EvaluationReport;
import org.vnca.eval.Unfinished;
import org.vnca.train.trainer.ModelWeights;

/** Measures a run's bound. */
public final class EvaluateCommand implements Command {
  private static final String SPLIT = "split";
  private static final String SAMPLES = "samples";
  private static final String IMAGES = "images";
  private static final String BATCH = "batch";
  private static final String FURTHER = "further";
  private static final String RESUME = "resume";
  private static final String RESTART = "restart";

  @Override
  public Usage usage() {
    return new Usage(
        "evaluate",
        List.of("RUN"),
        "measure the importance-weighted bound on log p(x)",
        List.of(
            "What is not said here is taken from the run's descriptor (its section evaluation). The"
                + " bound is a log-likelihood in nats per image: higher is better. The report is"
                + " also written to RUN/evaluation/, with a table of the figures of each image"
                + " beside it (.csv).",
            "The table grows while the images are measured. If that is stopped or killed, the same"
                + " command with --resume goes on behind its last whole line, also with another"
                + " --batch. Without --resume it is refused: what was measured is thrown away by"
                + " --restart only."),
        List.of(
            Flag.valued(
                SPLIT, "NAME", "split of the data that is measured; default: the descriptor's"),
            Flag.valued(
                SAMPLES,
                "N[,N]...",
                "importance samples per image; several numbers are measured in one pass, few being"
                    + " the first of the many; default: the descriptor's (128)"),
            Flag.valued(
                IMAGES,
                "N",
                "how many images, a random subset, the same in every run; 0 for all; default: the"
                    + " descriptor's"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS,
            Flag.WHICH_DATA,
            Flag.WHICH_DEVICE,
            Flag.valued(
                BATCH,
                "N",
                "images decoded at a time at most, over all samples: memory and speed, not the"
                    + " result; default: the descriptor's (128)"),
            Flag.valued(
                FURTHER,
                "N",
                "decode with N steps more on the last grid than the descriptor says: how long an"
                    + " image lasts; the report goes to RUN/evaluation/further-N/, and is not the"
                    + " run's bound; default: 0"),
            Flag.of(RESUME, "go on with an evaluation that was stopped, if there is one"),
            Flag.of(RESTART, "throw an evaluation that was stopped away, and begin anew")),
        List.of(
            "evaluate checkpoints/quickstart",
            "evaluate checkpoints/quickstart --samples 1,16,128,1024 --resume",
            "evaluate checkpoints/quickstart --split valid --samples 16 --json",
            "evaluate checkpoints/quickstart --further 100"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    Evaluation.Options options =
        new Evaluation.Options(
            words.model(),
            unfinished(words),
            words.text(SPLIT),
            Optional.of(words.wholes(SAMPLES, 1, 1 << 24)).filter(counts -> !counts.isEmpty()),
            words.whole(IMAGES, 0),
            words.whole(BATCH, 1, Words.MOST),
            words.whole(FURTHER, 0, Words.MOST / 2).orElse(0));
    EvaluationReport report = Evaluation.of(words.run(0), options, console.watch());
    console.answer(report, text(report));
    return DONE;
  }

  private static Unfinished unfinished(Words words) {
    if (words.has(RESUME) && words.has(RESTART)) {
      throw words.fault("--resume and --restart exclude each other; give one of them");
    }
    if (words.has(RESUME)) {
      return Unfinished.RESUME;
    }
    return words.has(RESTART) ? Unfinished.DISCARD : Unfinished.KEEP;
  }

  /** The bound and what it is made of, in lines. */
  public static String text(EvaluationReport report) {
    StringBuilder text = new StringBuilder();
    for (EvaluationReport.Bound bound : report.bounds()) {
      text.append(
          String.format(
              Locale.ROOT,
              "log p(x) >= %.2f nats per image (standard error %.2f; %s, n = %d, %,d images of"
                  + " %s)\n",
              bound.nats(),
              bound.natsStandardError(),
              report.bound(),
              bound.samples(),
              report.images(),
              report.split()));
    }
    if (report.furtherSteps() > 0) {
      text.append(
          String.format(
              Locale.ROOT, "after %,d steps more than a decoding has\n", report.furtherSteps()));
    }
    return text.append(parts(report)).toString();
  }

  private static String parts(EvaluationReport report) {
    return String.format(
        Locale.ROOT,
        """
        %.4f bits per dimension; ELBO %.2f nats = reconstruction %.2f - KL %.2f
        %d of %d latent units are active
        checkpoint of step %,d%s; measured in %s\
        """,
        report.bitsPerDim(),
        report.elboNats(),
        report.reconstructionNats(),
        report.klNats(),
        report.activeUnits(),
        report.latentUnits(),
        report.step(),
        ModelWeights.of(report.weights()).behindStep(),
        Text.seconds(report.seconds()));
  }
}
