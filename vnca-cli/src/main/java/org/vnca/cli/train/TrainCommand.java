package org.vnca.cli.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Program;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.data.fault.DatasetException;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunNames;
import org.vnca.train.trainer.FirstWeights;
import org.vnca.train.trainer.Outcome;
import org.vnca.train.trainer.Trainer;

/** Trains a new run. */
public final class TrainCommand implements Command {
  private static final String RUN = "run";
  private static final String WEIGHTS = "weights";

  /** Where runs live. */
  public static final Path RUNS = RunNames.RUNS;

  @Override
  public Usage usage() {
    return new Usage(
        "train",
        List.of("EXPERIMENT"),
        "train the model that a descriptor describes, as a new run",
        List.of(
            "EXPERIMENT is a YAML file; experiments/mnist-doubling.yaml explains every key. The"
                + " run's directory takes the descriptor, checkpoints, metrics and TensorBoard"
                + " events, and is the last line on standard output. With"
                + " evaluation.after-training, the bound is measured and samples are drawn when the"
                + " last step is done.",
            "Ctrl-C saves a checkpoint, says how to go on, and exits 130."),
        WorkerFlags.with(
            List.of(
                Flag.repeatable(
                    Flag.SET, "KEY=VALUE", "set a key of the descriptor, such as train.steps=500"),
                Flag.valued(
                    RUN,
                    "DIR",
                    "the run's directory, new or empty; default: checkpoints/NAME-DATE-TIME"),
                Flag.valued(
                    WEIGHTS,
                    "RUN",
                    "a run whose best weights this one begins with, in place of random ones; its"
                        + " model must have the same parameters"))),
        List.of(
            "train experiments/quickstart.yaml",
            "train experiments/mnist-doubling.yaml --set train.batch=64 --set seed=2"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    Path descriptor = words.path(0);
    List<String> overrides = words.texts(Flag.SET);
    Experiment experiment = ExperimentReader.read(descriptor, overrides);
    Path wanted = words.pathOf(RUN).orElse(null);
    Optional<Cluster> cluster = WorkerFlags.cluster(words);
    Outcome outcome;
    try {
      Manifest manifest = Program.here().manifest(words.all());
      Optional<RunDirectory> weights =
          words.pathOf(WEIGHTS).map(name -> RunDirectory.open(RunNames.resolve(name, RUNS)));
      outcome =
          weights.isPresent()
              ? Trainer.startFrom(
                  FirstWeights.of(weights.get(), Checkpoints.BEST, console.watch()),
                  experiment,
                  RUNS,
                  wanted,
                  manifest,
                  console.watch(),
                  cluster)
              : Trainer.start(experiment, RUNS, wanted, manifest, console.watch(), cluster);
    } catch (DatasetException e) {
      throw ExperimentReader.fault(
          descriptor, overrides, "data.file", "data.file: " + e.getMessage());
    } catch (InvalidSetting e) {
      throw ExperimentReader.fault(descriptor, overrides, e.setting(), e.getMessage());
    }
    return AfterTraining.answer(outcome, true, console);
  }
}
