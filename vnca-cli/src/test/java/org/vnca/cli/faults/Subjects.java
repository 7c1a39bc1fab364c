package org.vnca.cli.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.vnca.cli.Called;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.experiment.ExperimentReader;
import org.vnca.train.experiment.ExperimentWriter;

/** The kinds of input that are mutated. */
final class Subjects {
  private Subjects() {}

  /**
   * All of them.
   *
   * @param folder where the dataset and the trained run are made that several need
   * @param fixtures HDF5 files
   */
  static List<Subject> all(Path folder, Path fixtures) throws IOException {
    Stock stock = Stock.in(folder);
    return List.of(
        new Descriptor(stock),
        new Sweep(stock),
        new Datasets.Hdf5(stock.data(), fixtures),
        new Datasets.Hdf5Imports(fixtures),
        new Datasets.Idx(),
        new Datasets.Amat(),
        new Datasets.Pictures("png", false),
        new Datasets.Pictures("jpg", false),
        new Datasets.Pictures("gif", false),
        new Datasets.Pictures("bmp", false),
        new Datasets.Pictures("tif", false),
        new Datasets.Webp(fixtures),
        new Datasets.Pictures("zip", true),
        new Datasets.Celeba(),
        new SafeTensors(stock),
        new RunFiles("manifests", stock, List.of("manifest.json", "state.json", "experiment.yaml")),
        new RunFiles("metrics", stock, List.of("metrics.jsonl")),
        new RunFiles("reports", stock, List.of("evaluation/" + Stock.REPORT)),
        new Checkpoints(stock),
        new Resumed(stock),
        new Table(stock));
  }

  static Called required(String... words) {
    Called called = Called.with(words);
    if (called.status() != 0) {
      throw new IllegalStateException(Arrays.toString(words) + ": " + called.err());
    }
    return called;
  }

  /** What several kinds need: a dataset and a trained run with an evaluation. */
  private record Stock(Path folder, String descriptor) {
    static final String REPORT = "iwae-test-step12-n2-images8.json";

    static Stock in(Path folder) throws IOException {
      Path place = folder.resolve("stock");
      Workshop.delete(place);
      Files.createDirectories(place);
      Workshop.writeIdx(place.resolve("few"), 96, 200);
      Path data = place.resolve(Workshop.DATA);
      required(Workshop.importWords(place + "/few", data.toString()));
      Stock stock = new Stock(place, Workshop.EXPERIMENT.replace("data.h5", data.toString()));
      Path file = Files.writeString(place.resolve(Workshop.DESCRIPTOR), stock.descriptor);
      required("train", file.toString(), "--run", stock.run().toString(), "--quiet");
      required("evaluate", stock.run().toString());
      return stock;
    }

    Path run() {
      return folder.resolve("run");
    }

    Path data() {
      return folder.resolve(Workshop.DATA);
    }
  }

  private record Descriptor(Stock stock) implements Subject {
    @Override
    public String name() {
      return "descriptors";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Files.writeString(folder.resolve("base.yaml"), stock.descriptor);
      Files.writeString(
          folder.resolve("x.yaml"),
          """
          # what is changed
          extends: base.yaml
          seed: 7
          model:
            decoder: {type: non-doubling, steps: {min: 2, max: 4, evaluation: 3}}
            likelihood: &l {type: bernoulli}
          train: {pool: {size: 16, damage: 2}, batch: 4, optimizer: {learning-rate: 1.0e-3}}
          """);
    }

    @Override
    public List<Path> files(Path folder) {
      return List.of(folder.resolve("x.yaml"), folder.resolve("base.yaml"));
    }

    @Override
    public boolean isText(Path file) {
      return true;
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      Path file = folder.resolve("x.yaml");
      return Called.doing(
          () -> {
            Experiment experiment = ExperimentReader.read(file, List.of());
            return ExperimentWriter.toYaml(experiment);
          });
    }

    /** What was read is written and read again as the same. */
    @Override
    public String wrong(Path folder, Called called) throws IOException {
      Path again = Files.writeString(folder.resolve("again.yaml"), called.out());
      Called second = Called.doing(() -> ExperimentWriter.toYaml(ExperimentReader.read(again)));
      return second.out().equals(called.out()) ? "" : "written as " + called.out() + second;
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("again.yaml"));
    }
  }

  private record Sweep(Stock stock) implements Subject {
    @Override
    public String name() {
      return "sweeps";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Files.writeString(folder.resolve(Workshop.DESCRIPTOR), stock.descriptor);
      Files.writeString(
          folder.resolve("s.yaml"),
          """
          name: two
          experiment: tiny.yaml
          set: {train.steps: 6, train.images.every: 0}
          grid:
            train.optimizer.learning-rate: [1e-3, 2e-3]
            seed: [1, 2]
          """);
    }

    @Override
    public List<Path> files(Path folder) {
      return List.of(folder.resolve("s.yaml"));
    }

    @Override
    public boolean isText(Path file) {
      return true;
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with(
          "sweep", folder + "/s.yaml", "--list", "--json", "--dir", folder + "/runs");
    }

    @Override
    public String wrong(Path folder, Called called) {
      return called.json().path("points").size() > 0 ? "" : "no points: " + called.out();
    }
  }

  private record SafeTensors(Stock stock) implements Subject {
    @Override
    public String name() {
      return "safetensors";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Files.writeString(folder.resolve(Workshop.DESCRIPTOR), stock.descriptor);
      required("weights", "export", stock.run().toString(), "--out", folder + "/w.safetensors");
    }

    @Override
    public List<Path> files(Path folder) {
      return List.of(folder.resolve("w.safetensors"));
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with(
          "weights",
          "import",
          folder + "/" + Workshop.DESCRIPTOR,
          folder + "/w.safetensors",
          "--run",
          folder + "/made");
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("made"));
    }
  }

  /** Files of a finished run, as tables, reports and a resumption read them. */
  private record RunFiles(String name, Stock stock, List<String> mutated) implements Subject {
    @Override
    public void prepare(Path folder) throws IOException {
      Workshop.copy(stock.run(), folder.resolve("run"));
    }

    @Override
    public List<Path> files(Path folder) {
      return mutated.stream().map(file -> folder.resolve("run").resolve(file)).toList();
    }

    @Override
    public boolean isText(Path file) {
      return true;
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> listed(folder);
        case 1 -> Called.with("runs", folder.toString());
        case 2 -> Called.with("report", folder + "/run", "--out", folder + "/r.html");
        default ->
            Called.with("sample", folder + "/run", "--count", "1", "--out", folder + "/s.png");
      };
    }

    /** A run that cannot be read is listed with the reason, which must be for people, too. */
    private static Called listed(Path folder) {
      Called called = Called.with("runs", folder.toString(), "--json");
      if (called.status() != 0) {
        return called;
      }
      List<String> reasons = new ArrayList<>();
      called.json().path("unreadable").forEach(reason -> reasons.add(reason.asText()));
      return reasons.isEmpty()
          ? called
          : new Called(1, "", "vnca: " + String.join("\nvnca: ", reasons) + "\n");
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("r.html"), folder.resolve("s.png"));
    }
  }

  /** Any file of a checkpoint, and the pointers. What is read is a checkpoint as it was saved. */
  private static class Checkpoints implements Subject {
    private static final List<String> STEPS = List.of("8", "10", "12");

    private final Stock stock;
    private final Set<String> wanted = new HashSet<>();

    Checkpoints(Stock stock) {
      this.stock = stock;
    }

    @Override
    public String name() {
      return "checkpoints";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Workshop.copy(stock.run(), folder.resolve("run"));
      for (String step : STEPS) {
        required(words(folder, step));
        wanted.add(weights(folder));
        Files.delete(folder.resolve("w.safetensors"));
      }
    }

    private static String weights(Path folder) throws IOException {
      byte[] bytes = Files.readAllBytes(folder.resolve("w.safetensors"));
      // The header has the step as text; the tensors are behind it.
      return Outcome.sha256(Arrays.copyOfRange(bytes, bytes.length - 60_000, bytes.length));
    }

    private static String[] words(Path folder, String which) {
      return new String[] {
        "weights",
        "export",
        folder + "/run",
        "--out",
        folder + "/w.safetensors",
        "--checkpoint",
        which
      };
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder.resolve("run/steps"))) {
        List<Path> all = new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
        all.add(folder.resolve("run/latest"));
        all.add(folder.resolve("run/best"));
        return all;
      }
    }

    @Override
    public boolean isText(Path file) {
      return !file.getFileName().toString().startsWith("variables");
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      String step = folder.resolve("run/steps").relativize(mutated).getName(0).toString();
      return Called.with(
          words(
              folder,
              random.nextInt(3) > 0 && STEPS.contains(step)
                  ? step
                  : List.of("latest", "best").get(random.nextInt(2))));
    }

    @Override
    public String wrong(Path folder, Called called) throws IOException {
      return wanted.contains(weights(folder)) ? "" : "weights that were never saved";
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("w.safetensors"));
    }
  }

  /** As checkpoints, but the run goes on from them, and must come to the same end. */
  private static final class Resumed extends Checkpoints {
    private String wanted;

    Resumed(Stock stock) {
      super(stock);
    }

    @Override
    public String name() {
      return "resumed";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      super.prepare(folder);
      wanted = end(folder);
    }

    /** Those that it goes on from: older ones are not looked at while the latest is whole. */
    @Override
    public List<Path> files(Path folder) throws IOException {
      return super.files(folder).stream()
          .filter(file -> file.endsWith("latest") || file.getParent().endsWith("12"))
          .toList();
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with("resume", folder + "/run", "--quiet");
    }

    private static String end(Path folder) throws IOException {
      return Outcome.sha256(
          Files.readAllBytes(folder.resolve("run/steps/12/variables.data-00000-of-00001")));
    }

    @Override
    public String wrong(Path folder, Called called) throws IOException {
      return end(folder).equals(wanted) ? "" : "another end";
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of();
    }

    @Override
    public boolean changesItself() {
      return true;
    }
  }

  /** The table of an evaluation that was stopped half-way. */
  private static final class Table implements Subject {
    private static final String NAME = "run/evaluation/iwae-test-step12-n1-4-images12.csv";
    private static final String PARTIAL = NAME + ".partial";
    private final Stock stock;
    private String wanted;

    Table(Stock stock) {
      this.stock = stock;
    }

    @Override
    public String name() {
      return "tables";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Workshop.copy(stock.run(), folder.resolve("run"));
      required(words(folder));
      Path table = folder.resolve(NAME);
      wanted = Files.readString(table);
      Files.writeString(folder.resolve(PARTIAL), partial(wanted));
      Files.delete(table);
      Files.delete(folder.resolve(NAME.replace(".csv", ".json")));
    }

    /** The first lines, as an evaluation that was killed leaves them. */
    private static String partial(String whole) {
      List<String> lines = whole.lines().toList();
      StringBuilder partial = new StringBuilder(lines.get(0) + "\n" + lines.get(1) + ",crc32\n");
      long check = crc(0, lines.get(0));
      for (String line : lines.subList(2, 9)) {
        check = crc(check, line);
        partial.append("%s,%08x%n".formatted(line, check));
      }
      return partial.toString();
    }

    private static long crc(long before, String line) {
      CRC32 sum = new CRC32();
      sum.update((Long.toHexString(before) + "\n" + line).getBytes(StandardCharsets.UTF_8));
      return sum.getValue();
    }

    private static String[] words(Path folder) {
      return new String[] {
        "evaluate",
        folder + "/run",
        "--samples",
        "1,4",
        "--images",
        "12",
        "--batch",
        "8",
        "--resume"
      };
    }

    @Override
    public List<Path> files(Path folder) {
      return List.of(folder.resolve(PARTIAL));
    }

    @Override
    public boolean isText(Path file) {
      return true;
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with(words(folder));
    }

    @Override
    public String wrong(Path folder, Called called) throws IOException {
      return Files.readString(folder.resolve(NAME)).equals(wanted) ? "" : "another table";
    }

    @Override
    public boolean changesItself() {
      return true;
    }
  }
}
