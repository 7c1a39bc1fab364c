package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.data.DatasetHeader;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.keyed.KeyedPermutation;

/**
 * Imports the pictures of a folder or a zip as square RGB images: laid onto a background where they
 * are transparent, resized so that the longer side fits, and put into the middle of the square. A
 * keyed permutation of the sorted names says which are held out; so the same files give the same
 * splits anywhere.
 */
public final class ImagesImport implements DatasetImport {
  private static final long SPLIT_KEY = 0x696d61676573L;

  private final Options options;

  /**
   * Choices of this import.
   *
   * @param size side of the images, pixels
   * @param testShare of all images, from 0 and below 1, for the split {@code test}
   * @param validShare the same for {@code valid}; the sum must be below 1
   * @param background behind transparent pixels
   * @param filter how images are resized
   * @param skipBad whether images that cannot be read are left out in place of refusing all
   * @param labelsByFolder whether the folders are the labels; otherwise there are none
   */
  public record Options(
      @ImportOption(value = "side of the images, pixels", required = true) int size,
      @ImportOption(
              value = "share of the split test, drawn by a keyed permutation of the sorted names",
              argument = "S")
          double testShare,
      @ImportOption(value = "share of the split valid", argument = "S") double validShare,
      @ImportOption(value = "white or black, behind transparent pixels", argument = "COLOUR")
          Background background,
      @ImportOption(
              value = "area, triangle (bilinear, widened when shrinking) or lanczos",
              argument = "NAME")
          ResampleFilter filter,
      @ImportOption("leave out images that cannot be read, in place of refusing all")
          boolean skipBad,
      @ImportOption(
              "take the first folder below SOURCE, or below the folders that all images share, for an"
                  + " image's label; classes are sorted by name")
          boolean labelsByFolder) {
    /** For images of 64 pixels. */
    public static final Options DEFAULT =
        new Options(64, 0.2, 0.1, Background.WHITE, ResampleFilter.LANCZOS, false, false);

    public Options {
      ImageCollection.requireSide(size);
      InvalidOption.requireShare("test-share", testShare);
      InvalidOption.requireShare("valid-share", validShare);
      if (!(testShare >= 0 && validShare >= 0 && testShare + validShare < 1)) {
        throw new DatasetException(
            "the shares of test and valid must be at least 0 and together below 1, but are %s and %s"
                .formatted(testShare, validShare));
      }
    }
  }

  /** A colour behind transparent pixels. */
  public enum Background {
    /** 255 in all channels. */
    WHITE(255),
    /** 0 in all channels. */
    BLACK(0);

    private final int level;

    Background(int level) {
      this.level = level;
    }
  }

  /** An import with these choices. */
  public ImagesImport(Options options) {
    this.options = options;
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    ImportNotes notes = new ImportNotes();
    try (ImageFiles files = ImageFiles.open(source, notes)) {
      Optional<FolderLabels> labels =
          options.labelsByFolder()
              ? Optional.of(FolderLabels.of(source, files.names()))
              : Optional.empty();
      DatasetHeader header =
          new DatasetHeader(
              name(source),
              "%s; %d x %d, filter %s, background %d"
                  .formatted(
                      source.getFileName(),
                      options.size(),
                      options.size(),
                      options.filter(),
                      options.background().level),
              Pixels.UINT8,
              DatasetHeader.Layout.COMPRESSED,
              labels.map(FolderLabels::classes).orElse(List.of()));
      return new ImageCollection(
              source,
              options.size(),
              new PicturePreparation(files, name -> name, notes, this::square),
              notes)
          .write(
              out,
              header,
              splits(files.names()),
              ImageCollection.described(files.bad()),
              options.skipBad(),
              labels.map(found -> found::of),
              progress)
          .remarking(labels.map(found -> List.of(found.remark())).orElse(List.of()));
    } catch (IOException e) {
      throw new DatasetException(
          "%s cannot be read: %s".formatted(source, ImageFiles.reason(e)), e);
    }
  }

  private static String name(Path source) {
    Path last = source.toAbsolutePath().normalize().getFileName();
    return last == null ? "images" : last.toString().replaceAll("\\.\\w+$", "");
  }

  private Map<String, List<String>> splits(List<String> names) {
    int test = part(options.testShare(), names.size());
    int valid = part(options.validShare(), names.size());
    BitSet inTest = new BitSet();
    BitSet inValid = new BitSet();
    if (!names.isEmpty()) {
      KeyedPermutation order = KeyedPermutation.of(SPLIT_KEY, names.size());
      for (int i = 0; i < Math.min(test + valid, names.size()); i++) {
        (i < test ? inTest : inValid).set(order.at(i));
      }
    }
    Map<String, List<String>> splits = new LinkedHashMap<>();
    splits.put("train", new ArrayList<>());
    splits.put("valid", new ArrayList<>());
    splits.put("test", new ArrayList<>());
    for (int i = 0; i < names.size(); i++) {
      String split = inTest.get(i) ? "test" : inValid.get(i) ? "valid" : "train";
      splits.get(split).add(names.get(i));
    }
    return splits;
  }

  /** A share that is wanted has one image at least, where there are some. */
  private static int part(double share, int count) {
    int least = share > 0 && count > 2 ? 1 : 0;
    return Math.max(least, (int) Math.round(share * count));
  }

  private byte[] square(Pixmap picture) {
    Pixmap image = picture.onto(options.background().level);
    double scale = (double) options.size() / Math.max(image.width(), image.height());
    return image
        .resized(scaled(image.width(), scale), scaled(image.height(), scale), options.filter())
        .centred(options.size(), options.background().level);
  }

  private int scaled(int side, double scale) {
    return (int) Math.max(1, Math.min(options.size(), Math.round(side * scale)));
  }
}
