package org.vnca.cli.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Text;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.imports.ConsoleProgress;
import org.vnca.data.imports.DatasetImport;
import org.vnca.data.imports.ImportFormat;
import org.vnca.data.imports.ImportFormats;
import org.vnca.data.imports.ImportNote;
import org.vnca.data.imports.ImportSummary;

/** Makes a dataset file of one format. */
final class ImportCommand implements Command {
  private static final String FORCE = "force";

  private final ImportFormat format;
  private final Record defaults;

  /**
   * @param defaults the options' defaults
   */
  ImportCommand(ImportFormat format, Record defaults) {
    this.format = format;
    this.defaults = defaults;
  }

  /** One for each format, those of jars among them. */
  static List<Command> all() {
    List<Command> all = new ArrayList<>();
    ImportFormats.all()
        .byType()
        .forEach(
            (type, format) ->
                all.add(new ImportCommand(format, ImportFormats.all().defaults().get(type))));
    return all;
  }

  @Override
  public Usage usage() {
    String name = DataImportCommand.NAME + " " + format.type();
    List<Flag> flags = new ArrayList<>();
    flags.add(Flag.required(Flag.OUT, "FILE.h5", "the HDF5 file that is made"));
    flags.addAll(new ImportOptions(defaults).flags());
    flags.add(Flag.of(FORCE, "replace FILE.h5 if it exists"));
    return new Usage(
        name,
        format.source().isPresent() ? List.of("SOURCE") : List.of(),
        "make a dataset file of " + format.summary(),
        Stream.concat(format.source().stream(), format.about().stream()).toList(),
        flags,
        format.examples().stream().map(words -> name + " " + words).toList());
  }

  @Override
  public int run(Words words, Console console) {
    Path out = words.pathOf(Flag.OUT).orElseThrow();
    Record options = new ImportOptions(defaults).read(words);
    if (Files.exists(out) && !words.has(FORCE)) {
      throw new DatasetException(out + " exists; name another file, or replace it with --" + FORCE);
    }
    Path source = format.source().isPresent() ? words.path(0) : Path.of("");
    ImportSummary summary =
        ImportFormats.all()
            .make(
                options,
                kind -> {
                  DatasetImport made = kind.make(options);
                  return made == null
                      ? null
                      : made.run(source, out, ConsoleProgress.onStandardError(!console.barless()));
                });
    console.answer(summary, text(summary));
    return DONE;
  }

  private static String text(ImportSummary summary) {
    String images =
        summary.images().entrySet().stream()
            .map(split -> split.getKey() + " " + Text.count(split.getValue()))
            .collect(Collectors.joining(", "));
    String skipped =
        summary.skipped().isEmpty()
            ? ""
            : ", %s left out (%s%s)"
                .formatted(
                    Text.count(summary.skipped().size()),
                    summary.skipped().get(0),
                    summary.skipped().size() > 1 ? ", ..." : "");
    String first =
        "%s: %s, %s images%s, %s, sha256 %s"
            .formatted(
                summary.file(),
                summary.name(),
                images,
                skipped,
                Text.bytes(summary.bytes()),
                summary.checksum());
    return Stream.of(
            Stream.of(first),
            summary.notes().stream().map(ImportCommand::text),
            summary.remarks().stream().map(line -> "  " + line))
        .flatMap(lines -> lines)
        .collect(Collectors.joining("\n"));
  }

  private static String text(ImportNote note) {
    return "%s: %s (%s%s)"
        .formatted(
            note.kind().words(),
            Text.count(note.count()),
            String.join(", ", note.first()),
            note.count() > note.first().size() ? ", ..." : "");
  }
}
