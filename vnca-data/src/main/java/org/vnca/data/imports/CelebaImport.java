package org.vnca.data.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.vnca.data.DatasetException;
import org.vnca.data.DatasetHeader;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;

/**
 * Imports CelebA (Liu et al. 2015) from its official layout: {@code img_align_celeba/*.jpg} or
 * {@code img_align_celeba.zip}, {@code list_eval_partition.txt}, which has the splits, and, for
 * labels, {@code list_attr_celeba.txt}. Images are streamed through all cores and stored one after
 * the other.
 */
public final class CelebaImport implements DatasetImport {
  private static final String NAME = "celeba";
  private static final String IMAGES = "img_align_celeba";
  private static final String PARTITION = "list_eval_partition.txt";
  private static final String ATTRIBUTES = "list_attr_celeba.txt";
  private static final List<String> SPLITS = List.of("train", "valid", "test");

  private final Options options;

  /**
   * Choices of this import.
   *
   * @param size side of the images, pixels; 64 and 32 in the paper
   * @param square whether the middle square is cut out; if not, the whole of 178 x 218 is resized
   *     to a square, as the authors have it
   * @param filter how images are resized; the authors' is {@link ResampleFilter#TRIANGLE}
   * @param label the attribute that becomes the labels, 0 or 1, such as {@code Smiling}
   * @param skipBad whether images that are missing or cannot be read are left out in place of
   *     refusing all
   */
  public record Options(
      int size, boolean square, ResampleFilter filter, Optional<String> label, boolean skipBad) {
    public Options {
      if (size < 1) {
        throw new DatasetException("the size must be at least 1, but is " + size);
      }
    }
  }

  /** An import with these choices. */
  public CelebaImport(Options options) {
    this.options = options;
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    Map<String, String> partition = partition(SourceFile.find(source, PARTITION));
    Optional<Map<String, Byte>> labels = options.label().map(label -> labels(source, label));
    try (ImageFiles files = ImageFiles.open(images(source))) {
      Map<String, String> paths = new HashMap<>();
      files.names().forEach(path -> paths.put(path.substring(path.lastIndexOf('/') + 1), path));
      List<String> bad = new ArrayList<>();
      Map<String, List<String>> splits = new LinkedHashMap<>();
      SPLITS.forEach(split -> splits.put(split, new ArrayList<>()));
      partition.forEach(
          (name, split) -> {
            if (!paths.containsKey(name)) {
              bad.add(name + " is missing");
            } else if (labels.isPresent() && !labels.get().containsKey(name)) {
              bad.add(name + " is not in " + ATTRIBUTES);
            } else {
              splits.get(split).add(name);
            }
          });
      paths.keySet().stream()
          .filter(name -> !partition.containsKey(name))
          .sorted()
          .forEach(name -> bad.add(name + " is not in " + PARTITION));
      return new ImageCollection(
              source, options.size(), name -> prepare(files.read(paths.get(name))))
          .write(
              out,
              header(),
              splits,
              bad,
              options.skipBad(),
              labels.<Function<String, Byte>>map(map -> map::get),
              progress);
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, e.getMessage()), e);
    }
  }

  private DatasetHeader header() {
    return new DatasetHeader(
        NAME,
        "%s; Liu et al. 2015; %d x %d, %s, filter %s%s"
            .formatted(
                IMAGES,
                options.size(),
                options.size(),
                options.square() ? "middle square" : "whole image",
                options.filter(),
                options.label().map(label -> ", labels " + label).orElse("")),
        Pixels.UINT8,
        DatasetHeader.Layout.CONTIGUOUS);
  }

  private static Path images(Path source) {
    Path folder = source.resolve(IMAGES);
    Path zip = source.resolve(IMAGES + ".zip");
    if (!Files.isDirectory(folder) && !Files.isRegularFile(zip)) {
      throw new DatasetException(
          "%s must hold the folder %s or %s.zip, but does not; put it there"
              .formatted(source, IMAGES, IMAGES));
    }
    return Files.isDirectory(folder) ? folder : zip;
  }

  private byte[] prepare(byte[] file) throws IOException {
    Pixmap image = ImageDecoder.decode(file).onto(0);
    return (options.square() ? image.middleSquare() : image)
        .resized(options.size(), options.size(), options.filter())
        .centred(options.size(), 0);
  }

  /** The split of each image, in the file's order. */
  private static Map<String, String> partition(Path file) {
    Map<String, String> partition = new LinkedHashMap<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).strip().split("\\s+", -1);
      if (words.length != 2 || !words[1].matches("[012]")) {
        throw fault(
            file, i, "must be an image's name and 0, 1 or 2, but is '" + lines.get(i) + "'");
      }
      if (partition.put(words[0], SPLITS.get(Integer.parseInt(words[1]))) != null) {
        throw fault(file, i, "names " + words[0] + " a second time");
      }
    }
    return partition;
  }

  /** An attribute of each image: 1 where it is there, 0 where not. */
  private static Map<String, Byte> labels(Path source, String label) {
    Path file = SourceFile.find(source, ATTRIBUTES);
    List<String> lines = lines(file);
    List<String> names =
        lines.size() < 2 ? List.of() : Arrays.asList(lines.get(1).strip().split("\\s+", -1));
    int column = names.indexOf(label);
    if (column < 0) {
      throw new DatasetException(
          "%s has no attribute %s; it has %s".formatted(file, label, String.join(", ", names)));
    }
    Map<String, Byte> labels = new HashMap<>();
    for (int i = 2; i < lines.size(); i++) {
      String[] words = lines.get(i).strip().split("\\s+", -1);
      if (words.length != names.size() + 1 || !words[column + 1].matches("-?1")) {
        throw fault(file, i, "must be an image's name and 1 or -1 for each attribute");
      }
      labels.put(words[0], (byte) (words[column + 1].equals("1") ? 1 : 0));
    }
    return labels;
  }

  private static List<String> lines(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (file.toString().endsWith(".gz")) {
        bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static DatasetException fault(Path file, int line, String rule) {
    return new DatasetException("%s, line %d: %s".formatted(file, line + 1, rule));
  }
}
