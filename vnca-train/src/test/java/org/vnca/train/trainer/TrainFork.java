package org.vnca.train.trainer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.run.Manifest;

/** Trains in a process of its own: {@code start DESCRIPTOR RUN [SET]...} or {@code resume RUN}. */
final class TrainFork {
  private TrainFork() {}

  public static void main(String[] args) {
    List<String> overrides =
        Arrays.asList(args).subList(args[0].equals("start") ? 3 : 2, args.length);
    Watch watch = new Watch(true, System.err, new StopSignal());
    if (args[0].equals("start")) {
      Trainer.start(
          ExperimentReader.read(Path.of(args[1]), overrides),
          Path.of(args[2]).getParent(),
          Path.of(args[2]),
          Manifest.here(Path.of(".")),
          watch);
    } else {
      Trainer.resume(Path.of(args[1]), overrides, watch);
    }
  }
}
