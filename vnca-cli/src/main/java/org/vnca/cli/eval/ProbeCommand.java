package org.vnca.cli.eval;

import java.util.List;
import java.util.Locale;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.probe.Probe;
import org.vnca.eval.probe.ProbeReport;
import org.vnca.train.trainer.ModelWeights;

/** Measures what a line can read from the latent mean. */
public final class ProbeCommand implements Command {
  private static final String SPLIT = "split";
  private static final String IMAGES = "images";

  @Override
  public Usage usage() {
    return new Usage(
        "probe",
        List.of("RUN"),
        "classify labelled images by a linear probe of the latent mean",
        List.of(
            "Multinomial logistic regression with L2 regularisation learns from the latent means of"
                + " the training images. How much regularisation is chosen on a tenth of them that"
                + " is held out. The report is also written to RUN/evaluation/."),
        List.of(
            Flag.valued(
                SPLIT,
                "NAME",
                "split that the accuracy is measured on; default: the descriptor's test split"),
            Flag.valued(
                IMAGES,
                "N",
                "how many images of each split, a random subset, the same in every run; 0 for all;"
                    + " default: 0"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS,
            Flag.WHICH_DATA,
            Flag.WHICH_DEVICE),
        List.of("probe checkpoints/quickstart", "probe checkpoints/quickstart --images 1000"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    Probe.Options options =
        new Probe.Options(
            words.text(SPLIT).orElse(null), words.whole(IMAGES, 0).orElse(0), words.model());
    ProbeReport report = Probe.of(words.run(0), options, console.watch());
    console.answer(report, text(report));
    return DONE;
  }

  private static String text(ProbeReport report) {
    return String.format(
        Locale.ROOT,
        """
        %.2f %% of %,d images of %s named right (standard error %.2f; %d classes, %d latent units)
        %.2f %% of the %,d images that it learnt from; L2 %.0e, chosen on %,d of them
        checkpoint of step %,d%s; measured in %s\
        """,
        100 * report.accuracy(),
        report.images(),
        report.split(),
        100 * report.accuracyStandardError(),
        report.classes(),
        report.latentUnits(),
        100 * report.trainAccuracy(),
        report.trainImages(),
        report.l2(),
        report.heldOutImages(),
        report.step(),
        ModelWeights.of(report.weights()).behindStep(),
        Text.seconds(report.seconds()));
  }
}
