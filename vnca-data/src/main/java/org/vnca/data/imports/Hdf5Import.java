package org.vnca.data.imports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.fault.Hint;
import org.vnca.base.file.Reason;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5Array;
import org.vnca.data.hdf5.Hdf5File;

/**
 * Imports the images of an HDF5 file that another program made: numbers of any type, range and
 * order of axes, with labels of several kinds, split or not. The file is read twice, some megabytes
 * at a time: once for the range of its values, once to convert them. Where it has no splits, images
 * are held out as {@link ImagesImport} does it, by their place in the array.
 */
public final class Hdf5Import implements DatasetImport {
  private static final double USUAL_TEST_SHARE = 0.2;
  private static final double USUAL_VALID_SHARE = 0.1;
  private static final String MATLAB_HEADER = "MATLAB 7.3 MAT-file";

  private final Options options;

  /**
   * Choices of this import; each is found by itself where it is empty.
   *
   * @param images path of the images, with {@code {split}} for the name of a split
   * @param labels path of the labels, {@code none} for none
   * @param order a letter for each axis, as h5py shows them, such as {@code nchw}; or {@code
   *     matlab}
   * @param scale the values of black and white, such as {@code 0..1}
   * @param testShare of the images, from 0 and below 1, for the split {@code test}
   * @param validShare the same for {@code valid}; the sum must be below 1
   */
  public record Options(
      @ImportOption(
              value =
                  "path of the images inside SOURCE, such as 'x_{split}', where {split} stands for"
                      + " train, valid, test; default: as found",
              argument = "PATH")
          Optional<String> images,
      @ImportOption(
              value = "path of the labels inside SOURCE, or none; default: as found",
              argument = "PATH")
          Optional<String> labels,
      @ImportOption(
              value =
                  "a letter for each axis as h5py shows them: n images, h rows, w columns, c"
                      + " channels, such as nhwc, nchw or hwcn; or matlab, for [H, W, C, N] or [H,"
                      + " W, N] of MATLAB; default: nhw, and nhwc or nchw by which axis has 1 to 4",
              argument = "AXES")
          Optional<String> order,
      @ImportOption(
              value =
                  "the values of black and white, such as 0..1, 0..255 or -1..1; default: 0..1 for"
                      + " fractions up to 1, else 0..255; nothing but 0 and 1 becomes binary",
              argument = "A..B")
          Optional<String> scale,
      @ImportOption(
              value =
                  "share of the split test, drawn by a keyed permutation of the places in the"
                      + " array, or in train; default: 0.2, and 0 where SOURCE has splits",
              argument = "S")
          Optional<Double> testShare,
      @ImportOption(
              value = "share of the split valid; default: 0.1, and 0 where SOURCE has splits",
              argument = "S")
          Optional<Double> validShare) {
    /** All is found by itself. */
    public static final Options DEFAULT =
        new Options(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Options {
      testShare.ifPresent(share -> InvalidOption.requireShare("test-share", share));
      validShare.ifPresent(share -> InvalidOption.requireShare("valid-share", share));
      order.filter(name -> !AxisOrder.isName(name)).ifPresent(Options::refuseOrder);
      scale.filter(text -> PixelScale.Ends.of(text).isEmpty()).ifPresent(Options::refuseScale);
      if (images.isPresent()
          && labels.isPresent()
          && !labels.get().equals(ForeignSplits.NO_LABELS)) {
        requireBothSplit(images.get(), labels.get());
      }
    }

    private static void refuseOrder(String name) {
      throw new DatasetException(
          "the order of axes must be the letters n, h, w and perhaps c, one for each axis, such as"
              + " nhwc, or matlab, but is '%s'".formatted(name));
    }

    private static void refuseScale(String text) {
      throw new DatasetException(
          "the scale must be the values of black and white, such as 0..1, 0..255 or -1..1, but is"
              + " '%s'".formatted(text));
    }

    private static void requireBothSplit(String images, String labels) {
      if (images.contains(SplitName.ANY) != labels.contains(SplitName.ANY)
          && SplitName.of(images).split().isEmpty()) {
        throw new DatasetException(
            "the paths of images and labels must both hold {split} or neither, but are '%s' and '%s'"
                .formatted(images, labels));
      }
    }
  }

  /** An import with these choices. */
  public Hdf5Import(Options options) {
    this.options = options;
  }

  @Override
  public ImportSummary run(Path source, Path out, ImportProgress progress) {
    requireOtherFile(source, out);
    try (Hdf5File file = Hdf5File.open(source.toString(), source)) {
      requireOrder(source);
      ForeignSplits found =
          ForeignSplits.find(
              file, source.toString(), options.images(), options.labels(), options.order());
      return convert(source, out, progress, found);
    }
  }

  /**
   * The command that makes a dataset of a file that is not one, as far as it can be told.
   *
   * @param source a file
   * @return one clause, without a word if nothing in the file could be images; empty if the file is
   *     no HDF5, or cannot be read
   */
  public static Optional<String> advice(Path source) {
    String command = Hint.command("data import hdf5 %s --out NEW.h5", quoted(source.toString()));
    try (Hdf5File file = Hdf5File.open(source.toString(), source)) {
      Optional<String> order = isMatlab(source) ? Optional.of(AxisOrder.MATLAB) : Optional.empty();
      String said = order.map(name -> " --order " + name).orElse("");
      try {
        ForeignSplits found =
            ForeignSplits.find(file, source.toString(), Optional.empty(), Optional.empty(), order);
        String labels = found.labels().map(path -> " --labels " + quoted(path)).orElse("");
        return Optional.of(
            "import it: %s --images %s%s%s"
                .formatted(command, quoted(found.images()), labels, said));
      } catch (DatasetException e) {
        if (ForeignSplits.areNone(file)) {
          // No option could help.
          return Optional.of("");
        }
        String which =
            imagesAlone(file, source, order).map(path -> path + " --labels PATH").orElse("PATH");
        return Optional.of(
            "import it: %s --images %s%s (%s)".formatted(command, which, said, e.getMessage()));
      }
    } catch (DatasetException e) {
      return Optional.empty();
    }
  }

  /** The path of the images, if nothing but the labels is in doubt. */
  private static Optional<String> imagesAlone(Hdf5File file, Path source, Optional<String> order) {
    try {
      Optional<String> none = Optional.of(ForeignSplits.NO_LABELS);
      ForeignSplits found =
          ForeignSplits.find(file, source.toString(), Optional.empty(), none, order);
      return Optional.of(quoted(found.images()));
    } catch (DatasetException e) {
      return Optional.empty();
    }
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./@%+=:,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static void requireOtherFile(Path source, Path out) {
    try {
      if (Files.exists(out) && Files.isSameFile(source, out)) {
        throw new DatasetException(
            "%s is the file that is read; name another file to write".formatted(out));
      }
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, Reason.of(e)), e);
    }
  }

  /** MATLAB writes its axes reversed, which no shape shows: it must be said. */
  private void requireOrder(Path source) {
    if (options.order().isEmpty() && isMatlab(source)) {
      throw new DatasetException(
          "%s was written by MATLAB, whose axes come reversed; say --order matlab if they are [H, W,"
                  .formatted(source)
              + " C, N] or [H, W, N] there, or else a letter for each axis in reverse order, such"
              + " as --order cwhn for [N, H, W, C]");
    }
  }

  private static boolean isMatlab(Path source) {
    byte[] start = new byte[MATLAB_HEADER.length()];
    try (var in = Files.newInputStream(source)) {
      return in.readNBytes(start, 0, start.length) == start.length
          && new String(start, StandardCharsets.US_ASCII).equals(MATLAB_HEADER);
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, Reason.of(e)), e);
    }
  }

  private ImportSummary convert(
      Path source, Path out, ImportProgress progress, ForeignSplits found) {
    Map<String, AxisOrder> orders = new LinkedHashMap<>();
    Map<String, SplitShape> shapes = new LinkedHashMap<>();
    found
        .splits()
        .values()
        .forEach(
            arrays -> StoredMeaning.requirePlain(arrays.images(), options.scale().isPresent()));
    found.splits().forEach((split, arrays) -> orders.put(split, order(arrays.images())));
    found
        .splits()
        .forEach((split, arrays) -> shapes.put(split, shape(arrays.images(), orders.get(split))));
    requireOneSize(source, shapes);
    Map<String, Map<String, BitSet>> parts = parts(source, shapes);
    Optional<ForeignLabels> labels = labels(found, shapes);
    ValueRange range = new ValueRange();
    found.splits().values().forEach(arrays -> range.add(arrays.images()));
    PixelScale scale =
        PixelScale.of(
            options.scale().flatMap(PixelScale.Ends::of),
            range,
            "%s, /%s".formatted(source, found.images()));
    ForeignImages.Rounding rounding = new ForeignImages.Rounding();
    List<SplitContent> contents = new ArrayList<>();
    parts.forEach(
        (split, selections) ->
            selections.forEach(
                (target, selected) ->
                    contents.add(
                        content(
                            target,
                            selected,
                            shapes.get(split),
                            () ->
                                new ForeignImages(
                                    found.splits().get(split).images(),
                                    orders.get(split),
                                    scale,
                                    selected,
                                    rounding),
                            labels.map(all -> all.bySplit().get(split))))));
    DatasetHeader header = header(source, found, scale, shapes, labels);
    Map<String, Integer> counts =
        DatasetWriter.write(out, header, inUsualOrder(contents), progress);
    return ImportSummary.of(out, header.name(), counts)
        .remarking(remarks(found, orders, range, scale, rounding, labels, parts));
  }

  private AxisOrder order(Hdf5Array images) {
    return options
        .order()
        .map(name -> AxisOrder.named(name, images.shape(), images.where()))
        .orElseGet(() -> AxisOrder.guessed(images.shape(), images.where()));
  }

  private static SplitShape shape(Hdf5Array images, AxisOrder order) {
    try {
      return ForeignImages.shape(images, order);
    } catch (IllegalArgumentException e) {
      throw new DatasetException(
          "%s with axes %s: %s; say the right --order, or name other --images"
              .formatted(images.where(), order, e.getMessage()),
          e);
    }
  }

  private static void requireOneSize(Path source, Map<String, SplitShape> shapes) {
    SplitShape first = shapes.values().iterator().next();
    for (SplitShape shape : shapes.values()) {
      if (!shape.image().equals(first.image())) {
        throw new DatasetException(
            "%s: the images of all splits must have one size, but are %s; name one array with"
                    .formatted(source, shapes)
                + " --images");
      }
    }
  }

  /** Which images of each split of the file go to which split; none is empty. */
  private Map<String, Map<String, BitSet>> parts(Path source, Map<String, SplitShape> shapes) {
    boolean whole = shapes.containsKey(ForeignSplits.WHOLE);
    double test = options.testShare().orElse(whole ? USUAL_TEST_SHARE : 0);
    double valid = options.validShare().orElse(whole ? USUAL_VALID_SHARE : 0);
    SplitShares shares = new SplitShares(test, valid);
    requireMissing(source, shapes, "test", test);
    requireMissing(source, shapes, "valid", valid);
    Map<String, Map<String, BitSet>> parts = new LinkedHashMap<>();
    shapes.forEach(
        (split, shape) -> {
          Map<String, BitSet> selections = new LinkedHashMap<>();
          if (split.equals(ForeignSplits.WHOLE) || split.equals("train")) {
            shares.of(shape.images()).forEach(selections::put);
          } else {
            BitSet all = new BitSet();
            all.set(0, shape.images());
            selections.put(split, all);
          }
          selections.values().removeIf(BitSet::isEmpty);
          parts.put(split, selections);
        });
    return parts;
  }

  private static void requireMissing(
      Path source, Map<String, SplitShape> shapes, String split, double share) {
    if (share > 0 && shapes.containsKey(split)) {
      throw new DatasetException(
          "%s has a split %s of its own; leave out --%s-share, or name one array with --images"
              .formatted(source, split, split));
    }
    if (share > 0 && !shapes.containsKey("train") && !shapes.containsKey(ForeignSplits.WHOLE)) {
      throw new DatasetException(
          "%s has no split train that --%s-share could take images from; it has %s"
              .formatted(source, split, String.join(", ", shapes.keySet())));
    }
  }

  private static Optional<ForeignLabels> labels(
      ForeignSplits found, Map<String, SplitShape> shapes) {
    Map<String, Hdf5Array> arrays = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    found
        .splits()
        .forEach((split, both) -> both.labels().ifPresent(array -> arrays.put(split, array)));
    shapes.forEach((split, shape) -> counts.put(split, shape.images()));
    return arrays.isEmpty() ? Optional.empty() : Optional.of(ForeignLabels.read(arrays, counts));
  }

  private static SplitContent content(
      String name,
      BitSet selected,
      SplitShape shape,
      SplitContent.Opener images,
      Optional<byte[]> labels) {
    int count = selected.cardinality();
    return new SplitContent(
        name,
        new SplitShape(count, shape.image()),
        images,
        labels.map(all -> select(all, selected)));
  }

  private static byte[] select(byte[] all, BitSet selected) {
    byte[] some = new byte[selected.cardinality()];
    int next = 0;
    for (int i = selected.nextSetBit(0); i >= 0; i = selected.nextSetBit(i + 1)) {
      some[next++] = all[i];
    }
    return some;
  }

  private static List<SplitContent> inUsualOrder(List<SplitContent> contents) {
    List<String> usual = List.of("train", "valid", "test");
    return contents.stream()
        .sorted(
            java.util.Comparator.comparingInt(
                content ->
                    usual.contains(content.name()) ? usual.indexOf(content.name()) : usual.size()))
        .toList();
  }

  private static DatasetHeader header(
      Path source,
      ForeignSplits found,
      PixelScale scale,
      Map<String, SplitShape> shapes,
      Optional<ForeignLabels> labels) {
    String file = source.getFileName().toString();
    boolean drawn =
        scale.pixels() == Pixels.BINARY
            || shapes.values().iterator().next().image().channels() == 1;
    return new DatasetHeader(
            file.replaceAll("\\.\\w+$", ""),
            "%s, /%s, scale %s".formatted(file, found.images(), scale.ends()),
            scale.pixels(),
            drawn ? DatasetHeader.Layout.COMPRESSED : DatasetHeader.Layout.CONTIGUOUS)
        .withClasses(labels.map(ForeignLabels::classes).orElse(List.of()));
  }

  private List<String> remarks(
      ForeignSplits found,
      Map<String, AxisOrder> orders,
      ValueRange range,
      PixelScale scale,
      ForeignImages.Rounding rounding,
      Optional<ForeignLabels> labels,
      Map<String, Map<String, BitSet>> parts) {
    List<String> remarks = new ArrayList<>();
    ForeignSplits.Found first = found.splits().values().iterator().next();
    AxisOrder order = orders.values().iterator().next();
    remarks.add(
        "images: /%s, %s, axes taken as %s%s"
            .formatted(
                found.images(),
                first.images().type(),
                order,
                order.isUsual() ? "" : ", reordered"));
    remarks.add("values: " + scaled(range, scale, rounding));
    remarks.add(
        "labels: "
            + labels
                .map(all -> "/%s, %s".formatted(found.labels().orElse(""), all.how()))
                .orElse("none"));
    List<String> without =
        found.splits().entrySet().stream()
            .filter(split -> labels.isPresent() && split.getValue().labels().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    if (!without.isEmpty()) {
      remarks.add("without labels: split " + String.join(", ", without));
    }
    parts.forEach(
        (split, selections) -> {
          if (selections.size() > 1) {
            remarks.add(
                "held out by a keyed permutation of the places in %s: %s"
                    .formatted(
                        split.isEmpty() ? "the array" : split,
                        String.join(" and ", selections.keySet().stream().skip(1).toList())));
          }
        });
    if (!found.ignored().isEmpty()) {
      remarks.add("ignored: " + Hdf5Contents.some(found.ignored()));
    }
    return remarks;
  }

  private static String scaled(
      ValueRange range, PixelScale scale, ForeignImages.Rounding rounding) {
    String from =
        "%s to %s".formatted(PixelScale.shown(range.least()), PixelScale.shown(range.greatest()));
    if (scale.pixels() == Pixels.BINARY) {
      return "0 and 1 only, kept as binary pixels";
    }
    return "%s, %s%s"
        .formatted(
            from,
            scale.isIdentity()
                ? "taken as levels of 0..255"
                : "scaled from %s to levels of 0..255".formatted(scale.ends()),
            rounding.happened() ? ", rounded to the nearest" : "");
  }
}
