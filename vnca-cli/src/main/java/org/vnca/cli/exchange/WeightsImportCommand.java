package org.vnca.cli.exchange;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.vnca.base.fault.Hint;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Program;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.cli.train.TrainCommand;
import org.vnca.train.exchange.Weights;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.RunDirectory;

/** Makes a run from weights of the authors' program. */
public final class WeightsImportCommand implements Command {
  private static final String RUN = "run";

  @Override
  public Usage usage() {
    return new Usage(
        "weights import",
        List.of("EXPERIMENT", "FILE.safetensors"),
        "make a run at step 0 from weights of PyTorch",
        List.of(
            "The file holds a state_dict of the authors' program: encoder.N.weight,"
                + " nca.update_net.N.delegate.M.weight (with or without module.), or, for the"
                + " baselines, decoder_linear.0.weight and decoder.N.weight. The run can be"
                + " resumed, evaluated and drawn like any other; the optimizer starts afresh."),
        List.of(
            Flag.required(RUN, "DIR", "the run's directory, which must not be there yet"),
            Flag.repeatable(Flag.SET, "KEY=VALUE", "override a key of the descriptor")),
        List.of("weights import experiments/mnist-doubling.yaml w.safetensors --run new"));
  }

  @Override
  public int run(Words words, Console console) {
    Experiment experiment = ExperimentReader.read(words.path(0), words.texts(Flag.SET));
    Path wanted = words.pathOf(RUN).orElseThrow();
    RunDirectory run =
        Weights.importing(
            experiment,
            words.path(1),
            TrainCommand.RUNS,
            wanted,
            Program.here().manifest(words.all()),
            console.watch());
    console.answer(
        Map.of("run", run.path().toString(), "step", 0),
        "%s is at step 0 with the weights of %s; go on with: %s"
            .formatted(run, words.path(1), Hint.command("resume %s", run)));
    return DONE;
  }
}
