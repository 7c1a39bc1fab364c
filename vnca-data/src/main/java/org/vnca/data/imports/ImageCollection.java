package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImportProgress;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.fault.DatasetException;

/**
 * Image files that become a dataset: which belong to which split, and how one is prepared. Bad ones
 * are refused all together, or left out if that is wanted.
 */
final class ImageCollection {
  private static final int NAMED = 5;
  private static final int LONGEST_SIDE = 4096;

  private final Path source;
  private final int side;
  private final PreparedImages.Preparation preparation;
  private final ImportNotes notes;

  /**
   * @param source what is imported, for messages
   * @param side of the square images that the preparation makes, of 3 channels
   * @param notes hears what the preparation does
   */
  ImageCollection(
      Path source, int side, PreparedImages.Preparation preparation, ImportNotes notes) {
    this.source = source;
    this.side = side;
    this.preparation = preparation;
    this.notes = notes;
  }

  /**
   * Checks the side of the images to be made.
   *
   * @throws DatasetException if it is out of range
   */
  static void requireSide(int side) {
    if (side < 1 || side > LONGEST_SIDE) {
      throw new InvalidOption("size", "must be 1 to " + LONGEST_SIDE, side);
    }
  }

  /**
   * Writes the dataset.
   *
   * @param splits the names of each split's images, in their order
   * @param bad what is known to be missing or wrong already, a name with its reason each
   * @param skipBad whether bad ones are left out
   * @param labels the label of an image, if there are labels
   * @throws DatasetException if there are bad ones that are not left out, or nothing is left
   */
  ImportSummary write(
      Path out,
      DatasetHeader header,
      Map<String, List<String>> splits,
      List<String> bad,
      boolean skipBad,
      Optional<Function<String, Byte>> labels,
      ImportProgress progress) {
    Map<String, List<String>> good = splits;
    List<String> skipped = new ArrayList<>(bad);
    if (skipBad) {
      Map<String, String> faults = faults(splits);
      skipped.addAll(described(faults));
      good = without(splits, faults.keySet());
    } else if (!bad.isEmpty()) {
      splits.values().forEach(names -> skipped.addAll(described(faults(Map.of("", names)))));
      throw refusal(skipped);
    }
    List<SplitContent> contents = new ArrayList<>();
    good.forEach((name, images) -> content(name, images, labels).ifPresent(contents::add));
    if (contents.isEmpty()) {
      throw new DatasetException(
          "%s holds no image that can be used; it must hold PNG, JPEG, GIF, WebP, TIFF or BMP files%s"
              .formatted(source, leftOut(skipped)));
    }
    try {
      return ImportSummary.of(
          out, header.name(), DatasetWriter.write(out, header, contents, progress), skipped, notes);
    } catch (DatasetException e) {
      List<String> found = isBadImage(e) ? described(faults(good)) : List.of();
      throw found.isEmpty() ? e : refusal(found);
    }
  }

  private Optional<SplitContent> content(
      String split, List<String> names, Optional<Function<String, Byte>> labels) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SplitContent(
            split,
            SplitShape.of(names.size(), side, side, 3),
            () -> new PreparedImages(names, this::prepare),
            labels.map(label -> bytes(names, label))));
  }

  private static byte[] bytes(List<String> names, Function<String, Byte> label) {
    byte[] bytes = new byte[names.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = label.apply(names.get(i));
    }
    return bytes;
  }

  private byte[] prepare(String name) throws BadImage {
    try {
      return preparation.prepare(name);
    } catch (IOException e) {
      throw new BadImage(e);
    }
  }

  /** The bad images with their faults, found on all cores. */
  private Map<String, String> faults(Map<String, List<String>> splits) {
    return splits.values().stream().flatMap(List::stream).toList().parallelStream()
        .map(name -> fault(name).map(fault -> Map.entry(name, fault)).orElse(null))
        .filter(Objects::nonNull)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  private Optional<String> fault(String name) {
    try {
      preparation.prepare(name);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** What was met instead of images, as the end of a message. */
  private String leftOut(List<String> skipped) {
    List<String> met = new ArrayList<>();
    if (!skipped.isEmpty()) {
      met.add("%,d bad, such as: %s".formatted(skipped.size(), skipped.get(0)));
    }
    notes
        .list()
        .forEach(
            note ->
                met.add(
                    "%s: %,d, such as %s"
                        .formatted(note.kind().words(), note.count(), note.first().get(0))));
    return met.isEmpty() ? "" : " (" + String.join("; ", met) + ")";
  }

  /** Faults by names, as text. */
  static List<String> described(Map<String, String> faults) {
    return faults.entrySet().stream()
        .map(e -> PictureName.shown(e.getKey()) + " " + e.getValue())
        .toList();
  }

  private static Map<String, List<String>> without(
      Map<String, List<String>> splits, Set<String> bad) {
    Set<String> names = new HashSet<>(bad);
    Map<String, List<String>> good = new LinkedHashMap<>();
    splits.forEach(
        (split, images) ->
            good.put(split, images.stream().filter(name -> !names.contains(name)).toList()));
    return good;
  }

  private DatasetException refusal(List<String> bad) {
    String more = bad.size() > NAMED ? "; and %,d more".formatted(bad.size() - NAMED) : "";
    return new DatasetException(
        "%s: %,d image%s cannot be used: %s%s; mend them, or leave them out with --skip-bad"
            .formatted(
                source,
                bad.size(),
                bad.size() == 1 ? "" : "s",
                bad.stream().limit(NAMED).collect(Collectors.joining("; ")),
                more));
  }

  private static boolean isBadImage(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadImage) {
        return true;
      }
    }
    return false;
  }

  /** The image is bad, rather than the disk that is written to. */
  private static final class BadImage extends IOException {
    private static final long serialVersionUID = 1L;

    BadImage(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
