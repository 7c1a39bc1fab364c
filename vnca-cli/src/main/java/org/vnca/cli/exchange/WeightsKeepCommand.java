package org.vnca.cli.exchange;

import java.nio.file.Path;
import java.util.List;
import org.vnca.base.fault.Hint;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.train.exchange.Weights;
import org.vnca.train.trainer.ModelWeights;

/** Copies a run with its weights alone. */
public final class WeightsKeepCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "weights keep",
        List.of("RUN"),
        "copy a run with the weights of one checkpoint alone",
        List.of(
            "The copy has the descriptor, the manifest, the metrics and one checkpoint without what"
                + " only training needs (the optimizer's variables, the pool). It is measured,"
                + " drawn and exported like the run itself. It cannot be resumed, but a new run"
                + " can begin with its weights: train EXPERIMENT --weights RUN."),
        List.of(
            Flag.required(Flag.OUT, "DIR", "the copy's directory, new or empty"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS),
        List.of("weights keep last --out checkpoints/digits"));
  }

  @Override
  public int run(Words words, Console console) {
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    Weights.Kept kept = Weights.keeping(words.run(0), words.model(), out, console.watch());
    console.answer(
        kept,
        "%s: %,d parameters, from step %,d%s of %s; measure it with: %s"
            .formatted(
                kept.path(),
                kept.parameters(),
                kept.step(),
                ModelWeights.of(kept.weights()).behindStep(),
                kept.run(),
                Hint.command("evaluate %s", kept.path())));
    return DONE;
  }
}
