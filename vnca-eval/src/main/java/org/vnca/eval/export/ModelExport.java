package org.vnca.eval.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.graph.serving.Serving;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.OpenedModel;
import org.vnca.train.trainer.Watch;

/** Writes a run's checkpoint as a SavedModel. */
public final class ModelExport {
  /** Where TensorFlow looks for nothing, so that a program may put files there. */
  private static final String EXTRA = "assets.extra";

  private ModelExport() {}

  /**
   * Writes the SavedModel, and beside it the run's descriptor and manifest, and which of its
   * weights they are. Needs no dataset.
   *
   * @param path the run's directory
   * @param model of which checkpoint, and which of its weights
   * @param out the SavedModel's directory, absent or empty
   * @throws RunException if there is no such run or checkpoint, or nothing can be written
   */
  public static ExportReport write(Path path, ModelChoice model, Path out, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    requireFree(out);
    try (OpenedModel opened = model.onCpu(run, experiment, watch)) {
      // The model comes last, and whole: without it the directory is no SavedModel to anybody.
      Path extra = Files.createDirectories(out.resolve(EXTRA));
      copy(run.experimentFile(), extra);
      copy(path.resolve("manifest.json"), extra);
      WholeFile.write(extra.resolve("export.json"), source(run, opened));
      List<Serving.Port> ports = opened.session().export(out);
      return new ExportReport(
          path.toString(),
          opened.checkpoint().step(),
          out.toString(),
          Files.size(out.resolve("saved_model.pb")),
          ports.stream().map(ModelExport::signature).toList(),
          opened.weights().word());
    } catch (IOException e) {
      throw new RunException(out + " cannot be written: " + Reason.of(e), e);
    }
  }

  /** What a copy of the directory tells of itself. */
  private static byte[] source(RunDirectory run, OpenedModel opened) throws IOException {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("run", run.name());
    source.put("step", opened.checkpoint().step());
    source.put("checkpoint", opened.checkpoint().checksum());
    source.put("weights", opened.weights().word());
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(source);
  }

  private static void copy(Path file, Path directory) throws IOException {
    Files.copy(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void requireFree(Path out) {
    if (!Files.exists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new RunException(out + " is not a directory; name another place");
    }
    try (Stream<Path> members = Files.list(out)) {
      // What an export leaves that was killed is gone on with.
      if (!members.allMatch(ModelExport::isUnfinished)) {
        throw new RunException(out + " is not empty; name another directory");
      }
    } catch (IOException e) {
      throw new RunException(out + " cannot be read: " + Reason.of(e), e);
    }
  }

  private static boolean isUnfinished(Path member) {
    String name = member.getFileName().toString();
    return name.equals(EXTRA) || name.startsWith(WholeFile.TEMPORARY);
  }

  private static ExportReport.Signature signature(Serving.Port port) {
    return new ExportReport.Signature(
        port.name(), described(port.inputs()), described(port.outputs()));
  }

  private static Map<String, String> described(Map<String, Operand<?>> operands) {
    Map<String, String> described = new LinkedHashMap<>();
    operands.forEach(
        (name, operand) ->
            described.put(
                name,
                operand
                        .asOutput()
                        .dataType()
                        .name()
                        .replaceFirst("DT_", "")
                        .toLowerCase(Locale.ROOT)
                    + " "
                    + operand.shape()));
    return described;
  }
}
