package org.vnca.cli.exchange;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.eval.export.ExportReport;
import org.vnca.eval.export.ModelExport;
import org.vnca.train.trainer.ModelWeights;

/** Writes a run's model for programs elsewhere. */
public final class ExportCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "export",
        List.of("RUN"),
        "write the model as a TensorFlow SavedModel",
        List.of(
            "Its signatures are encode (images to the posterior's mean and sigma), decode (latents"
                + " to mean images and cell states), sample (numbers to dreams) and grow (latents"
                + " and a number of steps to mean images and cell states; of each stage, if the"
                + " grid doubles). The weights are constants in its graph."),
        List.of(
            Flag.required(Flag.OUT, "DIR", "where the SavedModel goes, absent or empty"),
            Flag.WHICH_CHECKPOINT,
            Flag.WHICH_WEIGHTS),
        List.of("export checkpoints/quickstart --out quickstart-model"));
  }

  @Override
  public int run(Words words, Console console) {
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    ExportReport report = ModelExport.write(words.run(0), words.model(), out, console.watch());
    console.answer(report, text(report));
    return DONE;
  }

  private static String text(ExportReport report) {
    String signatures =
        report.signatures().stream()
            .map(
                signature ->
                    "%s(%s) -> %s"
                        .formatted(
                            signature.name(),
                            listed(signature.inputs()),
                            listed(signature.outputs())))
            .collect(Collectors.joining("\n"));
    return "%s\n%s: %s, checkpoint of step %s%s"
        .formatted(
            signatures,
            report.directory(),
            Text.bytes(report.bytes()),
            Text.count(report.step()),
            ModelWeights.of(report.weights()).behindStep());
  }

  private static String listed(Map<String, String> described) {
    return described.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
