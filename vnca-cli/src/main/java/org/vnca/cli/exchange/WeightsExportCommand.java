package org.vnca.cli.exchange;

import java.nio.file.Path;
import java.util.List;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.train.exchange.Weights;
import org.vnca.train.trainer.ModelWeights;

/** Writes a run's weights for the authors' program. */
public final class WeightsExportCommand implements Command {
  private static final String MODULE = "module";
  private static final String FORCE = "force";

  @Override
  public Usage usage() {
    return new Usage(
        "weights export",
        List.of("RUN"),
        "write a run's weights for PyTorch",
        List.of(
            "The file is a state_dict that the authors' program loads, in the safetensors format."
                + " Models that it does not have (a GRU, a gate, a net per scale and others) are refused."
                + " Settings that leave the weights as they are (settle, bound, noise) are named, since it decodes without them."),
        List.of(
            Flag.required(Flag.OUT, "FILE.safetensors", "the file that is made"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS,
            Flag.valued(
                MODULE,
                "yes|no",
                "whether names have the module. of DataParallel; default: as in the authors'"
                    + " program, yes for the doubling decoder"),
            Flag.of(FORCE, "replace FILE.safetensors if it exists")),
        List.of("weights export checkpoints/quickstart --out quickstart.safetensors"));
  }

  @Override
  public int run(Words words, Console console) {
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    Weights.Exported exported =
        Weights.exporting(
            words.run(0),
            words.model(),
            out,
            words.choice(MODULE, List.of("yes", "no")).map("yes"::equals),
            words.has(FORCE),
            console.watch());
    console.answer(
        exported,
        "%s: %,d parameters in %d tensors, from step %,d%s of %s%s"
            .formatted(
                exported.file(),
                exported.parameters(),
                exported.tensors(),
                exported.step(),
                ModelWeights.of(exported.weights()).behindStep(),
                exported.run(),
                otherwise(exported.leftOut())));
    return DONE;
  }

  private static String otherwise(List<String> leftOut) {
    return leftOut.isEmpty()
        ? ""
        : "\ntheir program has nothing like this decoder's "
            + String.join(", ", leftOut)
            + ", so it decodes them otherwise";
  }
}
