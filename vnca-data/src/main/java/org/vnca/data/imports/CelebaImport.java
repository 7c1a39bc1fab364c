package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vnca.data.DatasetHeader;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.fault.DatasetException;

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
   * @param crop what of 178 x 218 becomes the image
   * @param filter how images are resized; the authors' is {@link ResampleFilter#TRIANGLE}
   * @param label the attribute that becomes the labels, 0 or 1, such as {@code Smiling}
   * @param skipBad whether images that are missing or cannot be read are left out in place of
   *     refusing all
   */
  public record Options(
      @ImportOption(value = "side of the images, pixels", required = true) int size,
      @ImportOption(
              value =
                  "none (the whole image becomes a square, as the authors have it) or square (the"
                      + " middle is cut out)",
              argument = "HOW")
          Crop crop,
      @ImportOption(
              value = "area, triangle (bilinear, widened when shrinking) or lanczos",
              argument = "NAME")
          ResampleFilter filter,
      @ImportOption(
              value = "the attribute that becomes the labels 0 and 1; default: no labels",
              argument = "ATTRIBUTE")
          Optional<String> label,
      @ImportOption("leave out images that are missing or cannot be read, in place of refusing all")
          boolean skipBad) {
    /** For images of 64 pixels, as the authors have them. */
    public static final Options DEFAULT =
        new Options(64, Crop.NONE, ResampleFilter.TRIANGLE, Optional.empty(), false);

    public Options {
      ImageCollection.requireSide(size);
    }
  }

  /** What of the published image is used. */
  public enum Crop {
    /** The whole, resized to a square, as the authors have it. */
    NONE,
    /** The middle square. */
    SQUARE
  }

  /** An import with these choices. */
  public CelebaImport(Options options) {
    this.options = options;
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    Map<String, String> partition = partition(SourceFile.find(source, PARTITION));
    Optional<Map<String, Byte>> labels =
        options
            .label()
            .map(label -> CelebaAttributes.read(SourceFile.find(source, ATTRIBUTES), label));
    ImportNotes notes = new ImportNotes();
    try (ImageFiles files = ImageFiles.open(images(source), notes)) {
      Map<String, String> paths = paths(files);
      List<String> bad = new ArrayList<>(ImageCollection.described(files.bad()));
      Set<String> unusable =
          files.bad().keySet().stream().map(CelebaImport::lastStep).collect(Collectors.toSet());
      Map<String, List<String>> splits = new LinkedHashMap<>();
      SPLITS.forEach(split -> splits.put(split, new ArrayList<>()));
      partition.forEach(
          (name, split) -> {
            if (unusable.contains(name)) {
              return;
            }
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
          .forEach(name -> bad.add(PictureName.shown(name) + " is not in " + PARTITION));
      return new ImageCollection(
              source,
              options.size(),
              new PicturePreparation(files, paths::get, notes, this::square),
              notes)
          .write(
              out,
              header(),
              splits,
              bad,
              options.skipBad(),
              labels.<Function<String, Byte>>map(map -> map::get),
              progress);
    } catch (IOException e) {
      throw new DatasetException(
          "%s cannot be read: %s".formatted(source, ImageFiles.reason(e)), e);
    }
  }

  /** The files by their names, which the lists give without folders. */
  private static Map<String, String> paths(ImageFiles files) {
    Map<String, String> paths = new HashMap<>();
    for (String path : files.names()) {
      String before = paths.put(lastStep(path), path);
      if (before != null) {
        throw new DatasetException(
            "%s has two files of one name, %s and %s; take one of them out"
                .formatted(IMAGES, PictureName.shown(before), PictureName.shown(path)));
      }
    }
    return paths;
  }

  private static String lastStep(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private DatasetHeader header() {
    return new DatasetHeader(
        NAME,
        "%s; Liu et al. 2015; %d x %d, %s, filter %s%s"
            .formatted(
                IMAGES,
                options.size(),
                options.size(),
                options.crop() == Crop.SQUARE ? "middle square" : "whole image",
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

  private byte[] square(Pixmap picture) {
    Pixmap image = picture.onto(0);
    return (options.crop() == Crop.SQUARE ? image.middleSquare() : image)
        .resized(options.size(), options.size(), options.filter())
        .centred(options.size(), 0);
  }

  /** The split of each image, in the file's order. */
  private static Map<String, String> partition(Path file) {
    Map<String, String> partition = new LinkedHashMap<>();
    Map<String, Integer> numbers = new HashMap<>();
    TextList list = TextList.read(file);
    for (TextList.Line line : list.lines()) {
      List<String> words = line.words();
      if (words.size() != 2 || !words.get(1).matches("[012]")) {
        throw list.fault(
            line,
            "must be an image's name and 0, 1 or 2, but is '%s'"
                .formatted(PictureName.shown(String.join(" ", words))));
      }
      Integer before = numbers.put(words.get(0), line.number());
      if (before != null) {
        throw list.doubled(line, words.get(0), before);
      }
      partition.put(words.get(0), SPLITS.get(Integer.parseInt(words.get(1))));
    }
    return partition;
  }
}
