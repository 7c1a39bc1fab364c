package org.vnca.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.Outcome;
import org.vnca.train.trainer.Trainer;

/** Goes on with a run. */
public final class ResumeCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "resume",
        List.of("RUN"),
        "go on with a run from its latest checkpoint, or from step 0 without one",
        List.of(
            "RUN is a run's directory, the beginning of its name if no other begins so, or"
                + " last, which is the one that was written last. On the same machine's CPU the run continues bit for bit as"
                + " if it had never stopped. A finished run goes on if train.steps is set to more."
                + " What changes is told, old -> new, and noted in manifest.json and in TensorBoard's"
                + " HParams.",
            "Ctrl-C saves a checkpoint, says how to go on, and exits 130."),
        WorkerFlags.with(
            List.of(
                Flag.WHICH_DATA,
                Flag.repeatable(
                    Flag.SET,
                    "KEY=VALUE",
                    "change a key that may change in a run, such as train.steps=200000"))),
        List.of(
            "resume checkpoints/quickstart",
            "resume checkpoints/quickstart --set train.steps=3000"));
  }

  @Override
  public boolean endsGently() {
    return true;
  }

  @Override
  public int run(Words words, Console console) {
    List<String> overrides = new ArrayList<>(words.texts(Flag.SET));
    words.text(Flag.DATA).ifPresent(file -> overrides.add("data.file=" + file));
    Optional<Cluster> cluster = WorkerFlags.cluster(words);
    RunDirectory run = RunDirectory.open(words.run(0));
    OptionalLong before = run.checkpoints().pointer(Checkpoints.LATEST);
    Outcome outcome;
    try {
      outcome = Trainer.resume(run.path(), overrides, console.watch(), cluster, words.all());
    } catch (InvalidSetting e) {
      throw ExperimentReader.fault(run.experimentFile(), overrides, e.setting(), e.getMessage());
    }
    boolean trained = before.isEmpty() || outcome.step() > before.getAsLong();
    return AfterTraining.answer(outcome, trained || !run.evaluated(), console);
  }
}
