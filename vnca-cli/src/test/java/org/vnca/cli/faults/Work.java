package org.vnca.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Something the program does that may be killed at any moment, and be gone on with. */
enum Work {
  /** A training, from its descriptor; then resumed. */
  TRAIN(8) {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
    }

    @Override
    boolean isUnderway(Path folder) {
      return Files.exists(folder.resolve(RUN + "/latest"));
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
  EVALUATE(2) {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
      Workshop.copy(stock.resolve(RUN), folder.resolve(RUN));
    }

    @Override
    boolean isUnderway(Path folder) {
      try {
        // Behind a line about the whole and one of headings.
        return Files.readAllLines(Path.of(folder.resolve(TABLE) + ".partial")).size() > 2;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    Optional<List<String>> next(Path folder) {
      Path table = folder.resolve(TABLE);
      return Files.exists(table) && !Files.exists(Path.of(table + ".partial"))
          ? Optional.empty()
          : Optional.of(
              List.of(
                  "evaluate",
                  RUN,
                  "--samples",
                  "1,20",
                  "--images",
                  "100",
                  "--batch",
                  "30",
                  "--resume"));
    }
  },

  /** An import of images. */
  IMPORT(1) {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      Workshop.copy(stock.resolve("many"), folder.resolve("many"));
    }

    @Override
    boolean isUnderway(Path folder) {
      return hasTemporary(folder);
    }

    @Override
    Optional<List<String>> next(Path folder) {
      return Files.exists(folder.resolve("out.h5"))
          ? Optional.empty()
          : Optional.of(
              List.of("data", "import", "mnist", "many", "--out", "out.h5", "--hold-out", "100"));
    }
  },

  /** Files that are made of a run: weights, a sheet of samples, a run of the weights. */
  SAVE(2) {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
      Workshop.copy(stock.resolve(RUN), folder.resolve(RUN));
    }

    @Override
    boolean isUnderway(Path folder) {
      return hasTemporary(folder);
    }

    @Override
    Optional<List<String>> next(Path folder) {
      if (!Files.exists(folder.resolve("w.safetensors"))) {
        return Optional.of(List.of("weights", "export", RUN, "--out", "w.safetensors"));
      }
      if (!Files.exists(folder.resolve("dreams.png"))) {
        return Optional.of(List.of("sample", RUN, "--count", "4", "--out", "dreams.png"));
      }
      return Files.exists(folder.resolve("weighed/latest"))
          ? Optional.empty()
          : Optional.of(
              List.of(
                  "weights", "import", Workshop.DESCRIPTOR, "w.safetensors", "--run", "weighed"));
    }
  },

  /** A SavedModel of a run. */
  EXPORT(1) {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      Workshop.copy(stock.resolve(RUN), folder.resolve(RUN));
    }

    @Override
    boolean isUnderway(Path folder) {
      return hasTemporary(folder) || hasTemporary(folder.resolve("model"));
    }

    @Override
    Optional<List<String>> next(Path folder) {
      return Files.exists(folder.resolve("model/saved_model.pb"))
          ? Optional.empty()
          : Optional.of(List.of("export", RUN, "--out", "model"));
    }
  },

  /** A sweep of two points. */
  SWEEP(8) {
    @Override
    void prepare(Path stock, Path folder) throws IOException {
      data(stock, folder);
    }

    @Override
    boolean isUnderway(Path folder) {
      return Files.exists(folder.resolve("sweep/seed=1/latest"));
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

  private static final String TABLE = "run/evaluation/iwae-test-step12-n1-20-images100.csv";

  /** The run's directory. */
  static final String RUN = "run";

  private final int unfinished;

  Work(int unfinished) {
    this.unfinished = unfinished;
  }

  /** Whether there is a first result of it, from which it will be gone on. */
  abstract boolean isUnderway(Path folder);

  private static boolean hasTemporary(Path folder) {
    String[] names = folder.toFile().list();
    return names != null && Arrays.stream(names).anyMatch(name -> name.startsWith(".tmp-"));
  }

  /** How many files a command has, at least, that bear a name for what is not finished. */
  int unfinished() {
    return unfinished;
  }

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
