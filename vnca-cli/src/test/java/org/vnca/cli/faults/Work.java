package org.vnca.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Something the program does that may be killed at any moment, and be gone on with. */
enum Work {
  /** A training, from its descriptor; then resumed. */
  TRAIN {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
    }

    @Override
    Optional<List<String>> next(Path folder) {
      if (finished(folder.resolve(RUN))) {
        return Optional.empty();
      }
      return Optional.of(
          isRun(folder.resolve(RUN))
              ? List.of("resume", RUN, "--quiet")
              : List.of("train", Workshop.DESCRIPTOR, "--run", RUN, "--quiet"));
    }
  },

  /** An evaluation of a trained run. */
  EVALUATE {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
      Workshop.copy(stock.resolve(RUN), folder.resolve(RUN));
    }

    @Override
    Optional<List<String>> next(Path folder) {
      Path table = folder.resolve(RUN + "/evaluation/iwae-test-step12-n1-40-images200.csv");
      return Files.exists(table) && !Files.exists(Path.of(table + ".partial"))
          ? Optional.empty()
          : Optional.of(
              List.of(
                  "evaluate",
                  RUN,
                  "--samples",
                  "1,40",
                  "--images",
                  "200",
                  "--batch",
                  "60",
                  "--resume"));
    }
  },

  /** An import of images. */
  IMPORT {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      Workshop.copy(stock.resolve("many"), folder.resolve("many"));
    }

    @Override
    Optional<List<String>> next(Path folder) {
      return Files.exists(folder.resolve("out.h5"))
          ? Optional.empty()
          : Optional.of(
              List.of("data", "import", "mnist", "many", "--out", "out.h5", "--hold-out", "100"));
    }
  },

  /** Files that are made of a run: weights, a sheet of samples, a SavedModel. */
  SAVE {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
      Workshop.copy(stock.resolve(RUN), folder.resolve(RUN));
    }

    @Override
    Optional<List<String>> next(Path folder) {
      if (!Files.exists(folder.resolve("w.safetensors"))) {
        return Optional.of(List.of("weights", "export", RUN, "--out", "w.safetensors"));
      }
      if (!Files.exists(folder.resolve("dreams.png"))) {
        return Optional.of(List.of("sample", RUN, "--count", "4", "--out", "dreams.png"));
      }
      if (!Files.exists(folder.resolve("model"))) {
        return Optional.of(List.of("export", RUN, "--out", "model"));
      }
      return Files.exists(folder.resolve("weighed/latest"))
          ? Optional.empty()
          : Optional.of(
              List.of(
                  "weights", "import", Workshop.DESCRIPTOR, "w.safetensors", "--run", "weighed"));
    }
  },

  /** A sweep of two points. */
  SWEEP {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
    }

    @Override
    Optional<List<String>> next(Path folder) {
      boolean done =
          finished(folder.resolve("sweep/seed=1")) && finished(folder.resolve("sweep/seed=2"));
      return done
          ? Optional.empty()
          : Optional.of(List.of("sweep", Workshop.SWEEP, "--dir", "sweep", "--quiet"));
    }
  };

  /** The run's directory. */
  static final String RUN = "run";

  /** Puts the inputs into an empty folder. */
  abstract void prepare(Path stock, Path folder) throws IOException;

  /** The command that a person gives next, seeing what is there; nothing once all is there. */
  abstract Optional<List<String>> next(Path folder);

  private static void data(Path stock, Path folder) throws IOException {
    Files.copy(stock.resolve(Workshop.DATA), folder.resolve(Workshop.DATA));
    Workshop.writeDescriptors(folder);
  }

  private static boolean isRun(Path run) {
    return Files.exists(run.resolve("experiment.yaml"))
        && Files.exists(run.resolve("manifest.json"));
  }

  private static boolean finished(Path run) {
    try {
      return isRun(run) && Files.readString(run.resolve("state.json")).contains("\"FINISHED\"");
    } catch (IOException e) {
      return false;
    }
  }
}
