package org.vnca.train.trainer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vnca.base.fault.Hint;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.data.batch.Batch;
import org.vnca.data.batch.BatchStream;
import org.vnca.graph.cluster.Cluster;
import org.vnca.graph.cluster.ClusterException;
import org.vnca.graph.session.Training;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.training.Reading;
import org.vnca.graph.training.StepRates;
import org.vnca.train.console.Progress;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.experiment.TrainSettings;
import org.vnca.train.measure.BoundEstimator;
import org.vnca.train.measure.BoundSummary;
import org.vnca.train.run.Checkpoint;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.Manifest;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunException;
import org.vnca.train.run.RunJars;
import org.vnca.train.run.RunWriter;

/**
 * Trains an experiment's model, from its first step or from a checkpoint.
 *
 * <p>A step is a pure function of the variables, its number and its batch, and the batch one of the
 * seed and the number; so a run that goes on from a checkpoint continues bit for bit on the same
 * machine's CPU.
 */
public final class Trainer implements AutoCloseable {
  private static final String BEST_NATS = "bestValidationNats";
  private static final String BEST_STEP = "bestValidationStep";
  private static final int PICTURED_IMAGES = 16;
  private static final String NORMS = "guardNorms";
  private static final String WEIGHTS_ONLY = "weightsOnly";

  /** So many steps in a row that the guard skips are no accident. */
  private static final int SKIPPED_AT_MOST = 50;

  private final Experiment experiment;
  private final Watch watch;
  private final ImageDataset dataset;
  private final InputSpec input;
  private final Split validationSplit;
  private final VncaSession session;
  private final BoundEstimator estimator;
  private final int[] validationImages;
  private final Averages averages;
  private final Guard guard;

  private long step;
  private long savedStep = -1;
  private int skippedInARow;
  private OptionalDouble validationNats = OptionalDouble.empty();
  private OptionalDouble bestNats = OptionalDouble.empty();
  private OptionalLong bestStep = OptionalLong.empty();

  private Trainer(Experiment experiment, Watch watch, Optional<Cluster> cluster) {
    this(experiment, ImageDataset.open(experiment.data().file()), watch, cluster);
  }

  private Trainer(
      Experiment experiment, ImageDataset dataset, Watch watch, Optional<Cluster> cluster) {
    this.experiment = experiment;
    this.watch = watch;
    this.guard = new Guard(experiment.train().guard());
    this.averages = new Averages(experiment.train().pool().drops());
    this.dataset = dataset;
    try {
      this.validationSplit = RunImages.split(experiment, dataset, experiment.data().validation());
      this.input = Models.input(experiment, RunImages.trainingSplits(experiment, dataset).get(0));
      this.session = Models.training(experiment, input, cluster);
    } catch (RuntimeException e) {
      dataset.close();
      throw e;
    }
    this.estimator = new BoundEstimator(session, validationSplit, experiment.evaluation().batch());
    this.validationImages =
        BoundEstimator.choose(validationSplit.size(), experiment.train().validation().images());
  }

  /**
   * Trains a new run.
   *
   * @param parent where runs live
   * @param wanted the run's own directory, or null for a name under {@code parent}
   * @param manifest where the run comes from, as far as the caller knows
   * @throws TrainingException if loss or gradient is no longer finite
   */
  public static Outcome start(
      Experiment experiment, Path parent, Path wanted, Manifest manifest, Watch watch) {
    return start(experiment, parent, wanted, manifest, watch, Optional.empty());
  }

  /**
   * Trains a new run, with workers if there are any.
   *
   * @throws TrainingException as the other, and if a worker is lost
   */
  public static Outcome start(
      Experiment experiment,
      Path parent,
      Path wanted,
      Manifest manifest,
      Watch watch,
      Optional<Cluster> cluster) {
    try (Trainer trainer = new Trainer(experiment, watch, cluster)) {
      RunDirectory run =
          RunDirectory.create(parent, wanted, experiment, trainer.completed(manifest));
      StopSignal.Hold held = watch.stop().hold();
      try (held;
          RunWriter writer = run.write()) {
        return trainer.train(writer, Optional.empty());
      }
    }
  }

  /**
   * Trains a new run whose first weights are those of another one. They are its checkpoint of step
   * 0, from which it goes on if it is stopped before the next one.
   *
   * @throws TrainingException as the others, and if the weights are not those of the experiment's
   *     model
   */
  public static Outcome startFrom(
      FirstWeights weights,
      Experiment experiment,
      Path parent,
      Path wanted,
      Manifest manifest,
      Watch watch,
      Optional<Cluster> cluster) {
    try (Trainer trainer = new Trainer(experiment, watch, cluster)) {
      trainer.session.initialize();
      weights.giveTo(trainer.session);
      Manifest noted = manifest.withWeights(weights.location(), weights.checksum());
      RunDirectory run = RunDirectory.create(parent, wanted, experiment, trainer.completed(noted));
      StopSignal.Hold held = watch.stop().hold();
      try (held;
          RunWriter writer = run.write()) {
        trainer.saveFirst(writer);
        return trainer.train(writer, latest(run, watch));
      }
    }
  }

  /**
   * Makes a run at step 0 that is not trained yet: weights are set, and saved as its latest and
   * best checkpoint, from which it can be resumed, measured and drawn.
   *
   * @param weights gives the session's trainable parameters their values
   */
  public static RunDirectory begin(
      Experiment experiment,
      Path parent,
      Path wanted,
      Manifest manifest,
      Watch watch,
      Consumer<VncaSession> weights) {
    try (Trainer trainer = new Trainer(experiment, watch, Optional.empty())) {
      trainer.session.initialize();
      weights.accept(trainer.session);
      RunDirectory run =
          RunDirectory.create(parent, wanted, experiment, trainer.completed(manifest));
      try (RunWriter writer = run.write()) {
        trainer.saveFirst(writer);
        writer.stopped("not trained yet");
      }
      return run;
    }
  }

  /**
   * Goes on with a run from its latest checkpoint, or from step 0 if it was stopped before its
   * first one.
   *
   * @param path the run's directory
   * @param overrides {@code KEY=VALUE}, such as {@code train.steps=2000}
   * @throws org.vnca.data.fault.DatasetException if the data are not there, or not those of the run
   * @throws TrainingException if an override changes what must not change, or if loss or gradient
   *     is no longer finite
   */
  public static Outcome resume(Path path, List<String> overrides, Watch watch) {
    return resume(path, overrides, watch, Optional.empty(), List.of());
  }

  /**
   * Goes on with a run from its latest checkpoint, with workers if there are any, as many as before
   * or not.
   *
   * @param commandLine words of the command, for the manifest
   * @throws TrainingException as the other, and if a worker is lost
   */
  public static Outcome resume(
      Path path,
      List<String> overrides,
      Watch watch,
      Optional<Cluster> cluster,
      List<String> commandLine) {
    RunDirectory run = RunDirectory.open(path);
    Experiment before = run.experiment();
    RunJars.require(run);
    Experiment now = ExperimentReader.read(run.experimentFile(), overrides);
    List<Manifest.Change> changes = ResumeRules.check(before, now);
    OptionalLong pointed = run.checkpoints().pointer(Checkpoints.LATEST);
    Optional<Checkpoint> seen = latest(run, watch);
    seen.ifPresent(checkpoint -> requireWhole(run, checkpoint));
    requireNotBeyond(now, run, seen);
    Optional<String> wanted =
        Optional.of(now.data().file()).filter(file -> !file.equals(before.data().file()));
    ImageDataset data = RunData.open(run, now.data().file(), wanted);
    try (Trainer trainer = new Trainer(now, data, watch, cluster)) {
      StopSignal.Hold held = watch.stop().hold();
      try (held;
          RunWriter writer = run.write()) {
        // Another process may have trained it until it could be written.
        Optional<Checkpoint> checkpoint =
            run.checkpoints().pointer(Checkpoints.LATEST).equals(pointed)
                ? seen
                : latest(run, watch);
        if (!now.equals(before)) {
          writer.experiment(now);
          changes.forEach(change -> watch.err().println(change));
        }
        writer.dataAt(RunData.location(data));
        long reached = checkpoint.map(Checkpoint::step).orElse(0L);
        boolean more = reached < now.train().steps();
        if (more || !changes.isEmpty()) {
          writer.resumed(Manifest.Resumption.now(reached, commandLine, changes));
        }
        writer.jars(RunJars.of(now));
        watch
            .err()
            .printf(
                Locale.ROOT,
                more
                    ? "%s goes on from step %d%n"
                    : "%s has all its %d steps; for more, --set train.steps%n",
                run,
                reached);
        return trainer.train(writer, checkpoint);
      }
    }
  }

  private static Optional<Checkpoint> latest(RunDirectory run, Watch watch) {
    return run.checkpoints().none()
        ? Optional.empty()
        : Optional.of(
            run.checkpoints().resolve(Checkpoints.LATEST, notice -> watch.err().println(notice)));
  }

  /** A run that was kept with its weights alone cannot go on bit for bit. */
  private static void requireWhole(RunDirectory run, Checkpoint checkpoint) {
    if (weightsOnly(checkpoint)) {
      String pool = run.experiment().train().pool().present() ? " and the pool" : "";
      throw new TrainingException(
          "%s was kept with its weights alone: what Adam has gathered%s are not there; train on from its weights, as a new run: %s"
              .formatted(
                  run, pool, Hint.command("train %s --weights %s", run.experimentFile(), run)));
    }
  }

  /** Whether a checkpoint has the weights, but not what training would go on from. */
  public static boolean weightsOnly(Checkpoint checkpoint) {
    return Boolean.TRUE.equals(checkpoint.facts().get(WEIGHTS_ONLY));
  }

  /** What is noted with a checkpoint of which the weights that a model has alone are kept. */
  public static Map<String, Object> weightsOnlyFacts(OpenedModel model) {
    Map<String, Object> facts = new LinkedHashMap<>(model.checkpoint().facts());
    facts.remove(NORMS);
    facts.remove(Models.AVERAGE);
    facts.put(WEIGHTS_ONLY, true);
    facts.put(ModelWeights.KEPT, model.weights().word());
    return facts;
  }

  private static void requireNotBeyond(
      Experiment now, RunDirectory run, Optional<Checkpoint> checkpoint) {
    long reached = checkpoint.map(Checkpoint::step).orElse(0L);
    if (reached > now.train().steps()) {
      throw new TrainingException(
          "train.steps is %d, but %s is at step %d already; set train.steps to more"
              .formatted(now.train().steps(), run, reached));
    }
  }

  private Manifest completed(Manifest manifest) {
    int threads = experiment.train().threads();
    return manifest
        .withData(RunData.location(dataset), dataset.checksum())
        .withJars(RunJars.of(experiment))
        .withDevice(
            session.device(), threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
  }

  private void restore(Checkpoint checkpoint) {
    step = checkpoint.step();
    savedStep = step;
    boolean begins = experiment.train().average().present() && !ModelWeights.averaged(checkpoint);
    session.restore(
        checkpoint.file(Models.VARIABLES),
        begins ? Reading.AVERAGE_FROM_WEIGHTS : Reading.AS_WRITTEN);
    guard.restore(checkpoint.numbers(NORMS));
    if (checkpoint.facts().containsKey(BEST_NATS)) {
      bestNats = OptionalDouble.of(checkpoint.number(BEST_NATS));
      bestStep = OptionalLong.of(checkpoint.whole(BEST_STEP));
    }
  }

  /** Saves first weights as the latest and best checkpoint. */
  private void saveFirst(RunWriter writer) {
    try (Recorder recorder = new Recorder(writer, experiment, 0, session.image().dimensions())) {
      save(writer, true, recorder);
    }
  }

  /** Trains, and writes down how it ended, if it ends in a fault. */
  private Outcome train(RunWriter writer, Optional<Checkpoint> from) {
    try {
      from.ifPresentOrElse(this::restore, session::initialize);
      return takeSteps(writer);
    } catch (ClusterException e) {
      String message =
          "%s after step %d; %s; go on without workers, or add --workers and those that are left or started again: %s"
              .formatted(
                  e.getMessage(), step, lastGood(writer), Hint.command("resume %s", writer.run()));
      TrainingException told = new TrainingException(message, e);
      noteFailure(writer, told);
      throw told;
    } catch (RuntimeException e) {
      noteFailure(writer, e);
      throw e;
    }
  }

  /** A disk that is full takes no note either; what failed first is what people must read. */
  private static void noteFailure(RunWriter writer, RuntimeException fault) {
    try {
      writer.failed(fault.getMessage() == null ? fault.toString() : fault.getMessage());
    } catch (RunException again) {
      fault.addSuppressed(again);
    }
  }

  /** Takes the steps that are left, until the last one or a stop. */
  private Outcome takeSteps(RunWriter writer) {
    long steps = experiment.train().steps();
    long began = System.nanoTime();
    watch
        .err()
        .printf(
            Locale.ROOT,
            "%s: %,d parameters on %s%n",
            writer.run(),
            session.parameterCount(),
            session.device());
    RunImages.notices(experiment, dataset).forEach(watch.err()::println);
    try (Recorder recorder = new Recorder(writer, experiment, step, session.image().dimensions());
        Progress progress = watch.progress(writer.run().name(), "steps", Math.max(1, steps), step);
        BatchStream batches = RunImages.batches(experiment, dataset, step)) {
      while (step < steps && !exhausted() && !watch.stop().requested()) {
        takeStep(batches.next(), writer);
        progress.step(step, averages.isEmpty() ? "" : averages.line(session.image().dimensions()));
        afterStep(writer, recorder, progress);
      }
      boolean stopped = step < steps && !exhausted();
      if (savedStep != step) {
        save(writer, false, recorder);
      }
      if (stopped) {
        writer.stopped(watch.stop().reason().orElse(""));
        progress.note(
            "stopped after step %d and saved; go on with: %s"
                .formatted(step, Hint.command("resume %s", writer.run())));
      } else {
        if (step < steps) {
          progress.note(
              "ended at step %d: no better bound in %d validations since step %d"
                  .formatted(
                      step, experiment.train().validation().patience(), bestStep.orElseThrow()));
        }
        writer.finished();
        recorder.ended(true);
      }
      return new Outcome(
          writer.run().path(),
          step,
          steps,
          stopped,
          validationNats,
          bestNats,
          bestStep,
          (System.nanoTime() - began) / 1e9);
    }
  }

  private boolean exhausted() {
    return bestStep.isPresent()
        && experiment.train().validation().exhausted(step, bestStep.getAsLong());
  }

  private void takeStep(Batch batch, RunWriter writer) {
    long began = System.nanoTime();
    StepRates rates = rates();
    Training.StepValues values = values(batch, rates);
    boolean guarded = experiment.train().guard().present();
    if (guarded && rates.skips(values.gradientNorm())) {
      skipped(writer, values, rates, began);
      return;
    }
    if (!values.finite()) {
      throw new TrainingException(
          "loss %s with gradient norm %s at step %d is not finite; %s; try a smaller train.optimizer.learning-rate or train.clip-norm"
              .formatted(values.loss(), values.gradientNorm(), step + 1, lastGood(writer)));
    }
    averages.add(values, experiment.train().batch(), System.nanoTime() - began, rates);
    guard.taken(values.gradientNorm());
    skippedInARow = 0;
    step++;
  }

  /** A step that the guard did not take: the weights are what they were. */
  private void skipped(RunWriter writer, Training.StepValues values, StepRates rates, long began) {
    skippedInARow++;
    if (skippedInARow > SKIPPED_AT_MOST) {
      throw new TrainingException(
          "%d steps in a row, up to %d, had gradients beyond train.guard (norm %s, limit %s); %s; try a smaller train.optimizer.learning-rate, or a larger train.guard.times"
              .formatted(
                  skippedInARow,
                  step + 1,
                  values.gradientNorm(),
                  rates.normLimit(),
                  lastGood(writer)));
    }
    averages.skip(experiment.train().batch(), System.nanoTime() - began, rates);
    step++;
  }

  /** What the next step depends on beside the settings of all steps. */
  private StepRates rates() {
    TrainSettings train = experiment.train();
    double share = train.schedule().share(step, train.steps());
    return new StepRates(
        (float) (train.optimizer().learningRate() * share),
        (float) train.beta().at(step),
        guard.limit());
  }

  private Training.StepValues values(Batch batch, StepRates rates) {
    try {
      return session.training().step(batch.images(), step, rates);
    } catch (InvalidSetting e) {
      throw e.in("train");
    }
  }

  private String lastGood(RunWriter writer) {
    return savedStep < 0
        ? "there is no checkpoint yet"
        : "the last good checkpoint is " + writer.run().checkpoints().path(savedStep);
  }

  /** What is due after a step. Metrics go before the checkpoint, so that none is lost. */
  private void afterStep(RunWriter writer, Recorder recorder, Progress progress) {
    boolean last = step == experiment.train().steps();
    if (experiment.train().report().due(step) || last) {
      recorder.report(step, averages);
      averages.clear();
    }
    boolean improved = false;
    if (experiment.train().validation().due(step)
        || (last && experiment.train().validation().every() > 0)) {
      improved = session.training().averaged(() -> validate(recorder, progress));
    }
    if (experiment.train().images().due(step)
        || (last && experiment.train().images().every() > 0)) {
      session.training().averaged(() -> draw(recorder));
    }
    if (improved || experiment.train().checkpoint().due(step) || last) {
      save(writer, improved, recorder);
    }
  }

  /**
   * Draws what the model makes of the validation split and of nothing.
   *
   * @return how many images of the split
   */
  private int draw(Recorder recorder) {
    int[] pictured = BoundEstimator.choose(validationSplit.size(), PICTURED_IMAGES);
    recorder.pictures(step, new Pictures(session), validationSplit.read(pictured));
    return pictured.length;
  }

  private boolean validate(Recorder recorder, Progress progress) {
    BoundSummary bound =
        estimator.summarize(validationImages, experiment.train().validation().samples());
    recorder.validated(step, bound);
    validationNats = OptionalDouble.of(bound.nats());
    boolean improved = bestNats.isEmpty() || bound.nats() > bestNats.getAsDouble();
    if (improved) {
      bestNats = validationNats;
      bestStep = OptionalLong.of(step);
    }
    progress.note(
        String.format(
            Locale.ROOT,
            "step %d: validation bound %.2f nats (+- %.2f, n = %d, %d images)%s",
            step,
            bound.nats(),
            bound.natsStandardError(),
            bound.samples(),
            bound.images(),
            improved ? ", best so far" : ""));
    return improved;
  }

  private void save(RunWriter writer, boolean best, Recorder recorder) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seed", experiment.seed());
    facts.put("imagesSeen", step * experiment.train().batch());
    facts.putAll(Models.facts(input));
    validationNats.ifPresent(nats -> facts.put("validationNats", nats));
    bestNats.ifPresent(nats -> facts.put(BEST_NATS, nats));
    bestStep.ifPresent(at -> facts.put(BEST_STEP, at));
    if (experiment.train().average().present()) {
      facts.put(Models.AVERAGE, experiment.train().average().decay());
    }
    if (experiment.train().guard().present()) {
      facts.put(NORMS, guard.norms());
    }
    StopSignal.Hold saving = watch.stop().save();
    try (saving) {
      recorder.flush();
      writer.save(
          step, facts, best, directory -> session.save(directory.resolve(Models.VARIABLES), step));
    }
    savedStep = step;
  }

  @Override
  public void close() {
    session.close();
    dataset.close();
  }
}
