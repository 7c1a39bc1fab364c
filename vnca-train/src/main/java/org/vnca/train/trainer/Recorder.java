package org.vnca.train.trainer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.train.board.EventWriter;
import org.vnca.train.experiment.AverageSettings;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.Settings;
import org.vnca.train.measure.BoundSummary;
import org.vnca.train.picture.Panel;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.Room;
import org.vnca.train.run.MetricsLog;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.run.RunWriter;

/** Writes what a run tells: metrics, TensorBoard's events, PNG files. */
final class Recorder implements AutoCloseable {
  /** White around a picture, in points. */
  private static final double MARGIN = 4;

  private final RunDirectory run;
  private final int dimensions;
  private final AverageSettings average;
  private final MetricsLog metrics;
  private final EventWriter training;
  private final EventWriter validation;
  private final EventWriter settings;

  /**
   * Opens.
   *
   * @param step training goes on after this one, 0 for a fresh run
   * @param dimensions of an image as the model sees it
   */
  Recorder(RunWriter writer, Experiment experiment, long step, int dimensions) {
    this.run = writer.run();
    this.dimensions = dimensions;
    this.average = experiment.train().average();
    this.metrics = writer.metrics(step == 0 ? -1 : step);
    this.training = open(run.eventsTrain(), step);
    this.validation = open(run.eventsValidation(), step);
    // TensorBoard shows the settings that it finds first, so changed ones take their place.
    boolean fresh = step == 0 || writer.changed();
    Path events = run.eventsTrain().getParent();
    this.settings = fresh ? EventWriter.replace(events) : open(events, step);
    if (fresh) {
      settings.hparams(Settings.flatten(experiment), now(), experiment.name());
    }
  }

  private static EventWriter open(Path directory, long step) {
    return step == 0 ? EventWriter.open(directory) : EventWriter.open(directory, step);
  }

  void report(long step, Averages averages) {
    Map<String, Double> scalars = averages.scalars(dimensions);
    if (average.present()) {
      scalars.put("average_decay", average.at(step - 1));
    }
    training.scalars(scalars, step);
    Map<String, Object> line = new LinkedHashMap<>();
    put(line, MetricsLog.LOSS_NATS, scalars.get("loss"));
    put(line, "reconstructionNats", scalars.get("reconstruction"));
    put(line, "klNats", scalars.get("kl"));
    put(line, "bitsPerDim", scalars.get("bits_per_dim"));
    put(line, "iwaeBound", scalars.get("iwae_bound"));
    put(line, "gradientNorm", scalars.get("gradient_norm"));
    put(line, "imagesPerSecond", scalars.get("images_per_second"));
    put(line, "learningRate", scalars.get("learning_rate"));
    put(line, "beta", scalars.get("beta"));
    put(line, "skippedSteps", scalars.get("skipped_steps"));
    put(line, "poolDropped", scalars.get("pool_dropped"));
    put(line, "averageDecay", scalars.get("average_decay"));
    metrics.append(step, line);
  }

  /** A number that there is; a report of skipped steps alone has no loss. */
  private static void put(Map<String, Object> line, String name, Double value) {
    if (value != null) {
      line.put(name, value);
    }
  }

  void validated(long step, BoundSummary bound) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss", -bound.elboNats());
    scalars.put("reconstruction", -bound.reconstructionNats());
    scalars.put("kl", bound.klNats());
    scalars.put("bits_per_dim", bound.bitsPerDim());
    scalars.put("bound", bound.nats());
    validation.scalars(scalars, step);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(MetricsLog.VALIDATION_NATS, bound.nats());
    line.put("validationStandardError", bound.natsStandardError());
    line.put("validationImages", bound.images());
    line.put("validationSamples", bound.samples());
    metrics.append(step, line);
  }

  /** Draws for TensorBoard and as files, which the next drawing replaces. */
  void pictures(long step, Pictures pictures, byte[] validationImages) {
    draw(training, "samples", pictures.samples(64, false), step);
    draw(training, "sample-means", pictures.samples(64, true), step);
    if (pictures.grows()) {
      draw(training, "growth", pictures.growth(0), step);
    }
    draw(validation, "reconstructions", pictures.reconstructions(validationImages), step);
  }

  private void draw(EventWriter writer, String name, Panel picture, long step) {
    Room room = Room.free();
    byte[] png =
        PictureFormat.PNG.encode(
            picture.draw(room).within(MARGIN),
            room.resolution(),
            Map.of("run", run.name(), "step", Long.toString(step), "figure", name));
    writer.image(name, png, step);
    PictureFile.write(run.figures().resolve(name + ".png"), png);
  }

  void flush() {
    training.flush();
    validation.flush();
  }

  /** Says in the HParams tab how the run ended. */
  void ended(boolean success) {
    settings.sessionEnd(success, now());
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  @Override
  public void close() {
    training.close();
    validation.close();
    settings.close();
  }
}
