package org.vnca.cli.data;

import java.util.ArrayList;
import java.util.List;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.data.imports.ImportFormat;
import org.vnca.data.imports.ImportFormats;

/** Makes a dataset file; the next word names the format, which has options of its own. */
public final class DataImportCommand implements Command {
  /** What the command is called. */
  static final String NAME = "data import";

  @Override
  public Usage usage() {
    List<String> about = new ArrayList<>();
    for (ImportFormat format : ImportFormats.all().byType().values()) {
      about.add("FORMAT %s: %s.".formatted(format.type(), format.summary()));
    }
    about.add(
        "Each has options of its own, which help data import FORMAT explains. The file appears whole"
            + " or not at all. What was left out, followed, turned or converted is told at the end,"
            + " with counts and first names.");
    return new Usage(
        NAME,
        List.of("FORMAT", "[SOURCE]"),
        "make a dataset file from published files",
        about,
        List.of(),
        List.of(
            "data import binarized-mnist downloads --out data/binarized-mnist.h5",
            "data import images emoji.zip --size 64 --out data/noto-64.h5",
            "data import hdf5 theirs.h5 --order nchw --out data/theirs.h5"));
  }

  @Override
  public List<Command> members() {
    return ImportCommand.all();
  }

  @Override
  public int run(Words words, Console console) {
    throw new IllegalStateException("a format's own command runs");
  }
}
