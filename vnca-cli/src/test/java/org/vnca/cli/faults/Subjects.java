package org.vnca.cli.faults;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.vnca.cli.Called;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.Split;
import org.vnca.data.imports.BinarizedMnistImport;
import org.vnca.data.imports.DatasetImport;
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
        new Hdf5(stock, fixtures),
        new Idx(),
        new Amat(),
        new Pictures("png", false),
        new Pictures("jpg", false),
        new Pictures("zip", true),
        new SafeTensors(stock),
        new RunFiles("manifests", stock, List.of("manifest.json", "state.json", "experiment.yaml")),
        new RunFiles("metrics", stock, List.of("metrics.jsonl")),
        new RunFiles("reports", stock, List.of("evaluation/" + Stock.REPORT)),
        new Checkpoints(stock),
        new Resumed(stock),
        new Table(stock));
  }

  private static Called required(String... words) {
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
      required(
          "data", "import", "mnist", place + "/few", "--out", data.toString(), "--hold-out", "16");
      Stock stock = new Stock(place, Workshop.EXPERIMENT.replace("data.h5", data.toString()));
      Path file = Files.writeString(place.resolve(Workshop.DESCRIPTOR), stock.descriptor);
      required("train", file.toString(), "--run", stock.run().toString(), "--quiet");
      required("evaluate", stock.run().toString());
      return stock;
    }

    Path run() {
      return folder.resolve("run");
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

  /** Images of all splits, by the split's name. */
  private static Map<String, String> pixels(Path file) {
    Map<String, String> pixels = new TreeMap<>();
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      for (String name : dataset.splits()) {
        Split split = dataset.split(name);
        int[] all = new int[split.size()];
        Arrays.setAll(all, i -> i);
        StringBuilder shas = new StringBuilder();
        for (int from = 0; from < all.length; from += 64) {
          int to = Math.min(all.length, from + 64);
          shas.append(Outcome.sha256(split.read(Arrays.copyOfRange(all, from, to))), 0, 12);
        }
        String labels = split.labels().map(Outcome::sha256).orElse("none");
        pixels.put(
            name,
            "%dx%dx%dx%d %s %s %s"
                .formatted(
                    split.size(),
                    split.height(),
                    split.width(),
                    split.channels(),
                    split.pixels(),
                    shas,
                    labels));
      }
    }
    return pixels;
  }

  private static final class Hdf5 implements Subject {
    private final Stock stock;
    private final Path fixtures;

    Hdf5(Stock stock, Path fixtures) {
      this.stock = stock;
      this.fixtures = fixtures;
    }

    @Override
    public String name() {
      return "hdf5";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Files.copy(stock.folder.resolve(Workshop.DATA), folder.resolve("own.h5"));
      try (Stream<Path> files = Files.walk(fixtures)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".h5")).toList()) {
          if (!file.getFileName().toString().startsWith("refused") && Files.size(file) < 100_000) {
            Files.copy(file, folder.resolve(file.getFileName()));
          }
        }
      }
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.sorted().toList();
      }
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      Called info = Called.with("data", "info", mutated.toString(), "--json");
      return info.status() != 0 ? info : Called.doing(() -> pixels(mutated).toString());
    }
  }

  /** The images that an import made, one by one. */
  private static Set<String> images(Path file) {
    Set<String> images = new HashSet<>();
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      for (String name : dataset.splits()) {
        Split split = dataset.split(name);
        for (int i = 0; i < split.size(); i++) {
          images.add(Outcome.sha256(split.read(new int[] {i})));
        }
      }
    }
    return images;
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  /** Two of the four files are compressed, with a checksum: what is read of them is right. */
  private static final class Idx implements Subject {
    private Map<String, String> wanted;

    @Override
    public String name() {
      return "idx";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Workshop.writeIdx(folder, 40, 30);
      for (String part : List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte")) {
        Path file = folder.resolve(part);
        Files.write(folder.resolve(part + ".gz"), zipped(Files.readAllBytes(file)));
        Files.delete(file);
      }
      Path out = folder.resolve("out.h5");
      required("data", "import", "mnist", folder.toString(), "--out", out.toString());
      wanted = pixels(out);
      Files.delete(out);
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> !file.endsWith("out.h5")).sorted().toList();
      }
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with("data", "import", "mnist", folder.toString(), "--out", folder + "/out.h5");
    }

    @Override
    public String wrong(Path folder, Called called) {
      Map<String, String> found = pixels(folder.resolve("out.h5"));
      return found.get("train").equals(wanted.get("train"))
          ? ""
          : "the compressed part became %s, not %s"
              .formatted(found.get("train"), wanted.get("train"));
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("out.h5"));
    }
  }

  private static final class Amat implements Subject {
    private String wanted;

    @Override
    public String name() {
      return "amat";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Random random = new Random(3);
      for (String part : List.of("train", "valid", "test")) {
        StringBuilder text = new StringBuilder();
        for (int image = 0; image < 6; image++) {
          for (int pixel = 0; pixel < 784; pixel++) {
            text.append(pixel == 0 ? "" : " ").append(random.nextInt(2));
          }
          text.append('\n');
        }
        String name = "binarized_mnist_" + part + ".amat";
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        if (part.equals("valid")) {
          Files.write(folder.resolve(name + ".gz"), zipped(bytes));
        } else {
          Files.write(folder.resolve(name), bytes);
        }
      }
      imported(folder);
      wanted = pixels(folder.resolve("out.h5")).get("valid");
      Files.delete(folder.resolve("out.h5"));
    }

    /** The command wants 50,000 images; the importer can be made for fewer, within its package. */
    private static String imported(Path folder) {
      try {
        Constructor<?> some =
            Arrays.stream(BinarizedMnistImport.class.getDeclaredConstructors())
                .filter(constructor -> constructor.getParameterCount() == 2)
                .findFirst()
                .orElseThrow();
        some.setAccessible(true);
        Map<String, Integer> counts = Map.of("train", 6, "valid", 6, "test", 6);
        DatasetImport importer =
            (DatasetImport) some.newInstance(BinarizedMnistImport.Options.DEFAULT, counts);
        importer.run(folder, folder.resolve("out.h5"), ImportProgress.SILENT);
        return "imported";
      } catch (InvocationTargetException e) {
        throw new IllegalStateException(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> !file.endsWith("out.h5")).sorted().toList();
      }
    }

    @Override
    public boolean isText(Path file) {
      return file.toString().endsWith(".amat");
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.doing(() -> imported(folder));
    }

    @Override
    public String wrong(Path folder, Called called) {
      String found = pixels(folder.resolve("out.h5")).get("valid");
      return found.equals(wanted) ? "" : "the compressed part became " + found;
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("out.h5"));
    }
  }

  /** PNG has checksums, and so has a zip: every image that is read is one that was there. */
  private static final class Pictures implements Subject {
    private final String format;
    private final boolean zip;
    private final Set<String> wanted = new HashSet<>();

    Pictures(String format, boolean zip) {
      this.format = format;
      this.zip = zip;
    }

    @Override
    public String name() {
      return format;
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Path pictures = Files.createDirectories(folder.resolve("in"));
      Random random = new Random(4);
      for (int i = 0; i < 4; i++) {
        BufferedImage image =
            new BufferedImage(
                9 + i, 12, i % 2 == 0 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
          for (int x = 0; x < image.getWidth(); x++) {
            image.setRGB(x, y, random.nextInt());
          }
        }
        String kind = zip ? (i < 2 ? "png" : "jpg") : format;
        ImageIO.write(image, kind, pictures.resolve("p" + i + "." + kind).toFile());
      }
      if (zip) {
        pack(pictures, folder.resolve("in.zip"));
        Workshop.delete(pictures);
      }
      required(words(folder));
      wanted.addAll(images(folder.resolve("out.h5")));
      Files.delete(folder.resolve("out.h5"));
    }

    private static void pack(Path pictures, Path file) throws IOException {
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file));
          Stream<Path> all = Files.list(pictures)) {
        for (Path picture : all.sorted().toList()) {
          byte[] bytes = Files.readAllBytes(picture);
          ZipEntry entry = new ZipEntry("a/" + picture.getFileName());
          if (picture.toString().endsWith("g1.png")) {
            entry.setMethod(ZipEntry.STORED);
          }
          out.putNextEntry(entry);
          out.write(bytes);
        }
      }
    }

    private String[] words(Path folder) {
      return new String[] {
        "data",
        "import",
        "images",
        folder.resolve(zip ? "in.zip" : "in").toString(),
        "--size",
        "8",
        "--test-share",
        "0",
        "--valid-share",
        "0",
        "--out",
        folder + "/out.h5"
      };
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        return files
            .filter(Files::isRegularFile)
            .filter(file -> !file.endsWith("out.h5"))
            .sorted()
            .toList();
      }
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with(words(folder));
    }

    @Override
    public String wrong(Path folder, Called called) {
      Set<String> found = images(folder.resolve("out.h5"));
      if (!format.equals("jpg") && !wanted.containsAll(found)) {
        return "other pixels than those of the pictures";
      }
      return "";
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("out.h5"));
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
      for (String step : List.of("8", "10", "12")) {
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
      return Called.with(
          words(folder, List.of("latest", "best", "12", "10").get(random.nextInt(4))));
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
