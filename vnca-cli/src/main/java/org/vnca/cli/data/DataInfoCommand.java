package org.vnca.cli.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.fault.Line;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.data.DatasetInfo;
import org.vnca.data.ImageDataset;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.imports.Hdf5Import;

/** Describes a dataset file. */
public final class DataInfoCommand implements Command {
  private static final List<String> HEADINGS =
      List.of("split", "images", "height x width x channels", "pixels", "mean pixel", "labels");

  @Override
  public Usage usage() {
    return new Usage(
        "data info",
        List.of("FILE.h5"),
        "describe a dataset, having read all of it",
        List.of("FILE.h5 is an HDF5 file, or embedded:digits for the digits inside the program."),
        List.of(),
        List.of("data info data/binarized-mnist.h5", "data info embedded:digits --json"));
  }

  @Override
  public boolean usesTensorFlow() {
    return false;
  }

  @Override
  public int run(Words words, Console console) {
    try (ImageDataset dataset = opened(words)) {
      DatasetInfo info = DatasetInfo.of(dataset);
      console.answer(info, text(info));
      return DONE;
    }
  }

  /** What is an HDF5 file but no dataset gets the command that makes one of it. */
  private static ImageDataset opened(Words words) {
    String location = words.operands().get(0);
    try {
      return ImageDataset.open(location);
    } catch (DatasetException e) {
      Optional<String> advice =
          ImageDataset.isThere(location) ? Hdf5Import.advice(words.path(0)) : Optional.empty();
      // In place of the command without options that the refusal ends with.
      String fault = e.getMessage().replaceFirst("; make a dataset of .*", "");
      throw advice
          .map(clause -> clause.isEmpty() ? fault : fault + "; " + clause)
          .map(line -> new DatasetException(line, e))
          .orElse(e);
    }
  }

  private static String text(DatasetInfo info) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("name", Line.of(info.name()));
    facts.put("source", info.source().isEmpty() ? "not said" : Line.of(info.source()));
    facts.put("pixels", info.pixels().attribute());
    facts.put("size", Text.bytes(info.bytes()));
    facts.put("sha256", info.checksum());
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    info.splits().forEach(split -> rows.add(row(split)));
    return String.join("\n", info.location(), Text.definitions(facts, 0), "", Text.table(rows));
  }

  private static List<String> row(DatasetInfo.SplitInfo split) {
    return List.of(
        split.name(),
        Text.count(split.images()),
        "%d x %d x %d".formatted(split.height(), split.width(), split.channels()),
        split.minimum() + ".." + split.maximum(),
        String.format(Locale.ROOT, "%.4f", split.meanPixel()),
        labels(split));
  }

  private static String labels(DatasetInfo.SplitInfo split) {
    if (split.classCounts().isEmpty()) {
      return "none";
    }
    return "%d classes of %s to %s images"
        .formatted(
            split.classCounts().size(),
            Text.count(Collections.min(split.classCounts().values())),
            Text.count(Collections.max(split.classCounts().values())));
  }
}
