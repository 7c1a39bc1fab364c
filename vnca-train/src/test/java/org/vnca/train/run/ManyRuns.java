package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.vnca.base.image.ImageShape;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.Png;

/**
 * Makes runs that look as if they had been trained, to measure what lists and compares them: every
 * setting, metrics, an evaluation and pictures, written by what writes those of real ones.
 *
 * <pre>ManyRuns DIRECTORY RUNS STEPS</pre>
 */
final class ManyRuns {
  private static final int REPORT = 100;
  private static final int VALIDATION = 1000;
  private static final int PICTURES = 4;
  private static final int SIDE = 120;

  private ManyRuns() {}

  public static void main(String[] words) throws IOException {
    make(Path.of(words[0]), Integer.parseInt(words[1]), Long.parseLong(words[2]));
  }

  /** Makes {@code count} runs of so many steps each in a directory, which is made if need be. */
  static List<RunDirectory> make(Path parent, int count, long steps) throws IOException {
    Files.createDirectories(parent);
    Path descriptor = Files.createTempFile("many", ".yaml");
    List<RunDirectory> runs = new ArrayList<>();
    try {
      for (int number = 0; number < count; number++) {
        List<String> settings =
            List.of(
                "seed=" + number,
                "train.steps=" + steps,
                "train.batch=" + (8 << number % 3),
                "train.optimizer.learning-rate=" + (number % 5 + 1) * 1e-4);
        RunDirectory run =
            RunDirectory.create(
                parent,
                parent.resolve("run-%03d".formatted(number)),
                ExperimentReader.read(descriptor, settings),
                RunFixture.MANIFEST);
        fill(run, new Random(number), steps);
        runs.add(run);
      }
    } finally {
      Files.delete(descriptor);
    }
    return runs;
  }

  private static void fill(RunDirectory run, Random random, long steps) throws IOException {
    try (RunWriter writer = run.write()) {
      MetricsLog metrics = writer.metrics(-1);
      for (long step = REPORT; step <= steps; step += REPORT) {
        double loss = 90 + 400 * Math.exp(-step / 3000.0) + 2 * random.nextGaussian();
        metrics.append(step, report(loss, random));
        if (step % VALIDATION == 0) {
          metrics.append(step, validation(loss, random));
        }
      }
      writer.finished();
    }
    run.writeEvaluation(
        "iwae-test",
        Map.of("step", steps, "split", "test", "images", 10_000, "samples", 128, "nats", -84.2));
    for (int number = 0; number < PICTURES; number++) {
      float[] grey = new float[SIDE * SIDE];
      for (int i = 0; i < grey.length; i++) {
        grey[i] = random.nextFloat();
      }
      Files.createDirectories(run.figures());
      Files.write(
          run.figures().resolve("samples-" + number + ".png"),
          Png.encode(PixelImage.of(grey, new ImageShape(SIDE, SIDE, 1)), 0, Map.of()));
    }
  }

  private static Map<String, Object> report(double loss, Random random) {
    Map<String, Object> values = new TreeMap<>();
    values.put("lossNats", loss);
    values.put("reconstructionNats", loss - 20);
    values.put("klNats", 20 + 0.5 * random.nextGaussian());
    values.put("bitsPerDim", loss / 1024 / Math.log(2));
    values.put("gradientNorm", 10 * random.nextDouble());
    values.put("imagesPerSecond", 100 + random.nextDouble());
    values.put("learningRate", 1e-4);
    values.put("beta", 1.0);
    return values;
  }

  private static Map<String, Object> validation(double loss, Random random) {
    Map<String, Object> values = new TreeMap<>();
    values.put("validationNats", -loss - random.nextDouble());
    values.put("validationStandardError", 2.1);
    values.put("validationImages", 1000);
    values.put("validationSamples", 1);
    return values;
  }
}
