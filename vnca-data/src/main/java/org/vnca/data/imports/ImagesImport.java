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
   * @param background level of the three colours behind transparent pixels, 0 to 255
   * @param filter how images are resized
   * @param skipBad whether images that cannot be read are left out in place of refusing all
   * @param labelsByFolder whether the folders are the labels; otherwise there are none
   */
  public record Options(
      int size,
      double testShare,
      double validShare,
      int background,
      ResampleFilter filter,
      boolean skipBad,
      boolean labelsByFolder) {
    public Options {
      ImageCollection.requireSide(size);
      if (!(testShare >= 0 && validShare >= 0 && testShare + validShare < 1)) {
        throw new DatasetException(
            "the shares of test and valid must be at least 0 and together below 1, but are %s and %s"
                .formatted(testShare, validShare));
      }
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
                      options.background()),
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
    Pixmap image = picture.onto(options.background());
    double scale = (double) options.size() / Math.max(image.width(), image.height());
    return image
        .resized(scaled(image.width(), scale), scaled(image.height(), scale), options.filter())
        .centred(options.size(), options.background());
  }

  private int scaled(int side, double scale) {
    return (int) Math.max(1, Math.min(options.size(), Math.round(side * scale)));
  }
}
