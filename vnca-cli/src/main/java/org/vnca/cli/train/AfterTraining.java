package org.vnca.cli.train;

import java.nio.file.Path;
import java.util.Map;
import org.vnca.base.fault.Hint;
import org.vnca.cli.eval.EvaluateCommand;
import org.vnca.cli.eval.SampleCommand;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Json;
import org.vnca.cli.frame.Text;
import org.vnca.eval.Evaluation;
import org.vnca.eval.EvaluationReport;
import org.vnca.eval.SampleReport;
import org.vnca.eval.SampleSheet;
import org.vnca.eval.Unfinished;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Outcome;

/** What follows training: measuring and drawing, if the descriptor asks for it, and the answer. */
final class AfterTraining {
  private AfterTraining() {}

  /**
   * Answers how training ended; the last line for people is the run's directory.
   *
   * @param measure whether to measure and draw, if the descriptor asks for it and training did not
   *     stop; else what is there already stays
   */
  static int answer(Outcome outcome, boolean measure, Console console) {
    Map<String, Object> fields = Json.fields(outcome);
    fields.put("evaluation", null);
    fields.put("samples", null);
    console.say(summary(outcome));
    RunDirectory run = RunDirectory.open(outcome.run());
    boolean wanted = !outcome.stopped() && run.experiment().evaluation().afterTraining();
    if (wanted && !measure) {
      console.say(
          "it has been evaluated; to measure again: "
              + Hint.command("evaluate %s --restart", outcome.run()));
    }
    if (wanted && measure) {
      ModelChoice model =
          ModelChoice.of(outcome.bestStep().isPresent() ? Checkpoints.BEST : Checkpoints.LATEST);
      EvaluationReport bound = evaluate(outcome.run(), model, console);
      SampleReport samples = sample(run, model, console);
      fields.put("evaluation", Json.plain(bound));
      fields.put("samples", Json.plain(samples));
      console.say(EvaluateCommand.text(bound));
      console.say(SampleCommand.text(samples));
    }
    console.answer(fields, outcome.run().toString());
    return outcome.stopped() ? Command.STOPPED : Command.DONE;
  }

  private static EvaluationReport evaluate(Path run, ModelChoice model, Console console) {
    Evaluation.Options options = new Evaluation.Options(model, Unfinished.RESUME);
    return Evaluation.of(run, options, console.watch());
  }

  private static SampleReport sample(RunDirectory run, ModelChoice model, Console console) {
    return SampleSheet.draw(
        run.path(),
        new SampleSheet.Options(SampleCommand.COUNT, false, model),
        run.figures().resolve("samples.png"),
        console.watch());
  }

  private static String summary(Outcome outcome) {
    StringBuilder text = new StringBuilder();
    text.append(outcome.stopped() ? "stopped after step " : "trained to step ");
    text.append(Text.count(outcome.step())).append(" of ").append(Text.count(outcome.steps()));
    text.append(" in ").append(Text.seconds(outcome.seconds()));
    if (outcome.bestNats().isPresent()) {
      text.append("; best validation bound ")
          .append(Text.nats(outcome.bestNats().getAsDouble()))
          .append(" nats per image, at step ")
          .append(Text.count(outcome.bestStep().orElseThrow()));
    }
    return text.toString();
  }
}
