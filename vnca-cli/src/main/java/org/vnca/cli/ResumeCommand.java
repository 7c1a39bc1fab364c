package org.vnca.cli;

import java.util.List;
import org.vnca.train.trainer.Trainer;

/** Goes on with a run. */
final class ResumeCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "resume",
        List.of("RUN"),
        "go on with a run from its latest checkpoint, or from step 0 without one",
        List.of(
            "RUN is a run's directory. On the same machine's CPU the run continues bit for bit as if"
                + " it had never stopped. A finished run goes on if train.steps is set to more.",
            "Ctrl-C saves a checkpoint, says how to go on, and exits 130."),
        WorkerFlags.with(
            List.of(
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
    return AfterTraining.answer(
        Trainer.resume(
            words.path(0), words.texts(Flag.SET), console.watch(), WorkerFlags.cluster(words)),
        console);
  }
}
