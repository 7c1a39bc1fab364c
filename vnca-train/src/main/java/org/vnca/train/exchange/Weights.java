package org.vnca.train.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.base.hash.Sha256;
import org.vnca.graph.exchange.StateDict;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunWriter;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.Models;
import org.vnca.train.trainer.OpenedModel;
import org.vnca.train.trainer.ParameterShapes;
import org.vnca.train.trainer.Trainer;
import org.vnca.train.trainer.Watch;

/** Weights of runs as state_dicts of the authors' program, and runs from those. */
public final class Weights {
  private Weights() {}

  /**
   * Makes a run at step 0 whose weights come from a file; the optimizer starts afresh.
   *
   * @param file safetensors, named as in the paper's A.5 or A.6, with or without {@code module.}
   * @param wanted the run's directory, or null for a name under {@code parent}
   * @return the run, which can be resumed, evaluated and drawn
   * @throws ExchangeException if the file's tensors are not those of the experiment's model
   */
  public static RunDirectory importing(
      Experiment experiment, Path file, Path parent, Path wanted, Manifest manifest, Watch watch) {
    Map<String, int[]> shapes = plain(file, SafeTensors.shapes(file));
    return Trainer.begin(
        experiment,
        parent,
        wanted,
        manifest.withWeights(file.toString(), sha256(file)),
        watch,
        session -> session.variables().assign(fitting(experiment, session, file, shapes)));
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw new ExchangeException("%s cannot be read: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static <T> Map<String, T> plain(Path file, Map<String, T> tensors) {
    Map<String, T> plain = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (plain.put(StateDict.plain(name), tensor) != null) {
            throw new ExchangeException(
                "%s has %s with and without module.".formatted(file, StateDict.plain(name)));
          }
        });
    return plain;
  }

  /**
   * The values of all parameters; refuses what is missing, too much or of another shape, before a
   * value is read.
   */
  private static Map<String, float[]> fitting(
      Experiment experiment, VncaSession session, Path file, Map<String, int[]> shapes) {
    List<StateDict.Entry> entries = dict(experiment, session).entries();
    requireFitting(experiment, file, entries, shapes);
    Map<String, SafeTensors.Tensor> tensors = plain(file, SafeTensors.read(file));
    Map<String, int[]> read = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> read.put(name, tensor.shape()));
    // The file may be another one by now.
    requireFitting(experiment, file, entries, read);
    Map<String, float[]> values = new LinkedHashMap<>();
    for (StateDict.Entry entry : entries) {
      values.put(entry.parameter(), entry.toOwn(tensors.get(entry.name()).values()));
    }
    return values;
  }

  private static void requireFitting(
      Experiment experiment, Path file, List<StateDict.Entry> entries, Map<String, int[]> found) {
    Map<String, int[]> wanted = new LinkedHashMap<>();
    entries.forEach(entry -> wanted.put(entry.name(), entry.shape()));
    ParameterShapes.difference(found, wanted)
        .ifPresent(
            faults -> {
              throw new ExchangeException(
                  "%s does not hold the weights of %s: %s; change the descriptor or the file"
                      .formatted(file, experiment.name(), faults));
            });
  }

  private static StateDict dict(Experiment experiment, VncaSession session) {
    try {
      return StateDict.of(experiment.model(), session.variables().trainableShapes());
    } catch (IllegalArgumentException e) {
      throw new ExchangeException(experiment.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Copies a run with the weights of one checkpoint alone: without the optimizer's variables, the
   * pool and older checkpoints it is small, and can be measured and drawn as before. It cannot be
   * resumed; a new run can begin with its weights.
   *
   * @param model of which checkpoint, and which of its weights
   * @param wanted the copy's directory, absent or empty
   */
  public static Kept keeping(Path path, ModelChoice model, Path wanted, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    if (wanted.toAbsolutePath().normalize().startsWith(path.toAbsolutePath().normalize())) {
      throw new ExchangeException(
          "%s lies in the run %s; name a place outside of it".formatted(wanted, path));
    }
    Experiment experiment = run.experiment();
    try (OpenedModel opened = model.onCpu(run, experiment, watch)) {
      Checkpoint from = opened.checkpoint();
      RunDirectory copy = RunDirectory.create(null, wanted, experiment, run.manifest());
      try (RunWriter writer = copy.write()) {
        if (Files.exists(run.metrics())) {
          Files.copy(run.metrics(), copy.metrics());
        }
        writer.save(
            from.step(),
            Trainer.weightsOnlyFacts(opened),
            true,
            directory -> opened.session().save(directory.resolve(Models.VARIABLES), from.step()));
        writer.finished();
      } catch (IOException e) {
        throw new ExchangeException("%s cannot be written: %s".formatted(wanted, Reason.of(e)), e);
      }
      return new Kept(
          copy.path(),
          run.name(),
          from.step(),
          opened.session().parameterCount(),
          opened.weights().word());
    }
  }

  /**
   * What was kept.
   *
   * @param path the copy
   * @param run the run's name
   * @param step the checkpoint's
   * @param parameters trainable numbers
   * @param weights {@code average} or {@code trained}
   */
  public record Kept(Path path, String run, long step, long parameters, String weights) {}

  /**
   * Writes a run's weights.
   *
   * @param model of which checkpoint, and which of its weights
   * @param module whether names have the {@code module.} of {@code DataParallel}; if that is not
   *     said, as the authors' program has it: with the doubling decoder
   * @param replace whether a file of that name may be replaced
   * @throws ExchangeException if the authors' program has no such model, or the file exists
   */
  public static Exported exporting(
      Path path,
      ModelChoice model,
      Path out,
      Optional<Boolean> module,
      boolean replace,
      Watch watch) {
    if (Files.exists(out) && !replace) {
      throw new ExchangeException(out + " exists; name another file, or replace it with --force");
    }
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    boolean parallel = module.orElse(experiment.model().decoder().parallelInPytorch());
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
    long step;
    String weights;
    try (OpenedModel opened = model.onCpu(run, experiment, watch)) {
      VncaSession session = opened.session();
      step = opened.checkpoint().step();
      weights = opened.weights().word();
      Map<String, float[]> values = session.variables().values();
      for (StateDict.Entry entry : dict(experiment, session).entries()) {
        tensors.put(
            parallel ? StateDict.parallel(entry.name()) : entry.name(),
            new SafeTensors.Tensor(entry.shape(), entry.toTheirs(values.get(entry.parameter()))));
      }
    }
    SafeTensors.write(
        out,
        tensors,
        Map.of("format", "pt", "run", run.name(), "step", Long.toString(step), "weights", weights));
    long numbers = tensors.values().stream().mapToLong(t -> t.values().length).sum();
    return new Exported(
        out,
        run.name(),
        step,
        tensors.size(),
        numbers,
        weights,
        experiment.model().decoder().leftOutInPytorch());
  }

  /**
   * What was written.
   *
   * @param file the file
   * @param run the run's name
   * @param step the checkpoint's
   * @param tensors how many
   * @param parameters numbers in them
   * @param weights {@code average} or {@code trained}
   * @param leftOut keys of the decoder, with their values, that the authors' program does not have,
   *     so that it decodes the same weights otherwise
   */
  public record Exported(
      Path file,
      String run,
      long step,
      int tensors,
      long parameters,
      String weights,
      List<String> leftOut) {
    public Exported {
      leftOut = List.copyOf(leftOut);
    }
  }
}
