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
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.vnca.cli.Called;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.Split;
import org.vnca.data.imports.BinarizedMnistImport;
import org.vnca.data.imports.DatasetImport;

/** The kinds of input that are datasets, or become some. */
final class Datasets {
  private Datasets() {}

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

  static final class Hdf5 implements Subject {
    private final Path own;
    private final Path fixtures;

    /**
     * @param own one that the program wrote
     * @param fixtures a folder of files that h5py wrote
     */
    Hdf5(Path own, Path fixtures) {
      this.own = own;
      this.fixtures = fixtures;
    }

    @Override
    public String name() {
      return "hdf5";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Files.copy(own, folder.resolve("own.h5"));
      for (Path file : small(fixtures)) {
        if (!file.getFileName().toString().startsWith("refused")) {
          Files.copy(file, folder.resolve(file.getFileName()));
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

  private static List<Path> small(Path fixtures) throws IOException {
    List<Path> small = new ArrayList<>();
    try (Stream<Path> files = Files.walk(fixtures)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".h5")).sorted().toList()) {
        if (Files.size(file) < 100_000) {
          small.add(file);
        }
      }
    }
    return small;
  }

  /** HDF5 files that are made into datasets, also those that are none as they are. */
  static final class Hdf5Imports implements Subject {
    private final Path fixtures;

    Hdf5Imports(Path fixtures) {
      this.fixtures = fixtures;
    }

    @Override
    public String name() {
      return "hdf5-imports";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      for (Path file : small(fixtures)) {
        if (Called.with(words(folder, file)).status() == 0) {
          Files.delete(folder.resolve("out.h5"));
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    }

    private static String[] words(Path folder, Path file) {
      return new String[] {"data", "import", "hdf5", file.toString(), "--out", folder + "/out.h5"};
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> !file.endsWith("out.h5")).sorted().toList();
      }
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with(words(folder, mutated));
    }

    /** What was made is read. */
    @Override
    public String wrong(Path folder, Called called) {
      return images(folder.resolve("out.h5")).isEmpty() ? "a dataset without images" : "";
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("out.h5"));
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
  static final class Idx implements Subject {
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
      Subjects.required("data", "import", "mnist", folder.toString(), "--out", out.toString());
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

  static final class Amat implements Subject {
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
  static class Pictures implements Subject {
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
      write(pictures);
      if (zip) {
        pack(pictures, folder.resolve("in.zip"));
        Workshop.delete(pictures);
      }
      Subjects.required(words(folder));
      wanted.addAll(images(folder.resolve("out.h5")));
      Files.delete(folder.resolve("out.h5"));
    }

    /** Writes whole ones into a folder. */
    void write(Path pictures) throws IOException {
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
      if ((zip || format.equals("png")) && !wanted.containsAll(found)) {
        return "other pixels than those of the pictures";
      }
      return "";
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("out.h5"));
    }
  }

  /** WebP, which Java cannot write: some of those that Pillow wrote. */
  static final class Webp extends Pictures {
    private final Path fixtures;

    Webp(Path fixtures) {
      super("webp", false);
      this.fixtures = fixtures;
    }

    @Override
    void write(Path pictures) throws IOException {
      try (ZipInputStream zip =
          new ZipInputStream(
              Files.newInputStream(fixtures.resolve("imports").resolve("pictures.zip")))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          if (entry.getName().matches("(lossy|alpha-p|lossless).*\\.webp")) {
            Files.copy(zip, pictures.resolve(entry.getName()));
          }
        }
      }
    }
  }

  /** The lists of CelebA beside its pictures. */
  static final class Celeba implements Subject {
    @Override
    public String name() {
      return "celeba";
    }

    @Override
    public void prepare(Path folder) throws IOException {
      Path pictures = Files.createDirectories(folder.resolve("img_align_celeba"));
      StringBuilder partition = new StringBuilder();
      StringBuilder attributes = new StringBuilder("6\nSmiling Young\n");
      for (int i = 1; i <= 6; i++) {
        BufferedImage image = new BufferedImage(20, 24, BufferedImage.TYPE_INT_RGB);
        image.setRGB(i, i, -1);
        String name = "00000%d.jpg".formatted(i);
        ImageIO.write(image, "jpg", pictures.resolve(name).toFile());
        partition.append("%s %d%n".formatted(name, (i - 1) / 2));
        attributes.append("%s %2d %2d%n".formatted(name, i % 2 * 2 - 1, 1));
      }
      Files.writeString(folder.resolve("list_eval_partition.txt"), partition);
      Files.writeString(folder.resolve("list_attr_celeba.txt"), attributes);
      Subjects.required(words(folder));
      Files.delete(folder.resolve("out.h5"));
    }

    private static String[] words(Path folder) {
      return new String[] {
        "data",
        "import",
        "celeba",
        folder.toString(),
        "--size",
        "8",
        "--label",
        "Smiling",
        "--out",
        folder + "/out.h5"
      };
    }

    @Override
    public List<Path> files(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
      }
    }

    @Override
    public boolean isText(Path file) {
      return true;
    }

    @Override
    public Called call(Path folder, Path mutated, Random random) {
      return Called.with(words(folder));
    }

    /** A list may say other things than it did, but every picture has its place and its label. */
    @Override
    public String wrong(Path folder, Called called) {
      try (ImageDataset dataset = ImageDataset.open(folder + "/out.h5")) {
        int count = 0;
        for (String name : dataset.splits()) {
          Split split = dataset.split(name);
          count += split.size();
          for (byte label : split.labels().orElseThrow()) {
            if (label != 0 && label != 1) {
              return "label " + label;
            }
          }
        }
        return count == 6 ? "" : count + " of 6 pictures";
      }
    }

    @Override
    public List<Path> made(Path folder) {
      return List.of(folder.resolve("out.h5"));
    }
  }
}
