package org.vnca.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.train.measure.ImageBound;
import org.vnca.train.run.RunException;

/**
 * The values of each image, a line each, separated by commas, behind a comment line that is the
 * {@link EvaluationHeader} as JSON. Lines are appended as the images are measured, to a file that
 * has the ending {@value #UNFINISHED} until all are there.
 *
 * <p>Until then, each line ends with a checksum of itself and of all before it, so that what is
 * gone on with is what was measured; the first line that was changed ends what is kept.
 *
 * <p>Numbers are written with as many digits as they have, so that averages over the file are those
 * of what was measured.
 */
final class EvaluationFile implements AutoCloseable {
  static final String UNFINISHED = ".partial";

  private static final String COMMENT = "# ";

  /** The column of the checksums, which the finished table lacks. */
  private static final String CHECKED = ",crc32";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final Path finished;
  private final Path file;
  private final FileChannel channel;
  private final EvaluationHeader header;
  private final int[] images;
  private int done;
  private boolean behind;
  private long check;

  private EvaluationFile(
      Path finished, Path file, FileChannel channel, EvaluationHeader header, int[] images) {
    this.finished = finished;
    this.file = file;
    this.channel = channel;
    this.header = header;
    this.images = images;
  }

  /**
   * Opens the file for appending, and keeps others from doing so.
   *
   * @param finished the file once it is whole
   * @param images indices into the split, in the order of the lines
   * @param unfinished whether lines that are there already are kept, which is refused, gone on
   *     behind, up to the last that is whole, or thrown away
   * @throws RunException if another process is writing the file, if it has lines that would be
   *     lost, or if it shall be resumed but was begun for something else; the message says for what
   */
  static EvaluationFile open(
      Path finished, EvaluationHeader header, int[] images, Unfinished unfinished) {
    Path file = finished.resolveSibling(finished.getFileName() + UNFINISHED);
    try {
      Files.createDirectories(finished.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      EvaluationFile opened = new EvaluationFile(finished, file, channel, header, images);
      try {
        opened.lock();
        opened.begin(unfinished);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      return opened;
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private void lock() throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new RunException(file + " is being written by another evaluation; wait for its end");
    }
  }

  private void begin(Unfinished unfinished) throws IOException {
    long end = unfinished == Unfinished.DISCARD ? 0 : wholeEnd();
    if (unfinished == Unfinished.KEEP && (done > 0 || behind)) {
      throw new RunException(
          "%s has %d of %d images of an evaluation that has not ended; add --resume to go on with it, or --restart to throw it away"
              .formatted(file, done, images.length));
    }
    channel.truncate(end).position(end);
    if (end == 0) {
      done = 0;
      check = startOfCheck();
      write(head() + "\n" + columns() + CHECKED + "\n");
    }
  }

  private String head() throws JsonProcessingException {
    return COMMENT + JSON.writeValueAsString(header.fields());
  }

  private String columns() {
    String bounds =
        header.samples().stream()
            .map(count -> "iwae" + count + "Nats")
            .collect(Collectors.joining(","));
    return "image,reconstructionNats,klNats,elboNats," + bounds;
  }

  /** The place behind the last line of those that are whole, counting the lines. */
  private long wholeEnd() throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      TableLine first = TableLine.read(in);
      TableLine second = TableLine.read(in);
      TableLine line = TableLine.read(in);
      requireSameHeader(first.text(), second.isNothing());
      if (!second.whole() || !second.text().equals(columns() + CHECKED)) {
        requireNothingBehind(line);
        return 0;
      }
      long end = first.bytes() + second.bytes();
      check = startOfCheck();
      for (; line.whole() && done < images.length; line = TableLine.read(in)) {
        Optional<String> values = line.checked(check);
        if (values.flatMap(this::parse).filter(bound -> bound.image() == images[done]).isEmpty()) {
          break;
        }
        check = TableLine.check(check, values.get());
        end += line.bytes();
        done++;
      }
      behind = !line.isNothing();
      return end;
    }
  }

  private void requireNothingBehind(TableLine line) {
    if (!line.isNothing()) {
      throw new RunException(
          file + " cannot be resumed: its second line is damaged; add --restart to throw it away");
    }
  }

  /** Lines that were measured for something else do not fit behind this header. */
  private long startOfCheck() throws JsonProcessingException {
    return TableLine.check(0, head());
  }

  /** A header that was cut off has nothing behind it that could be lost. */
  private void requireSameHeader(String line, boolean alone) {
    Optional<Map<String, Object>> found = fields(line);
    if (found.isEmpty() && alone) {
      return;
    }
    List<String> differences =
        found.map(header::differences).orElse(List.of("its first line is damaged"));
    if (!differences.isEmpty()) {
      throw new RunException(
          "%s cannot be resumed: %s; evaluate as it was begun, or add --restart to throw it away"
              .formatted(file, String.join(", ", differences)));
    }
  }

  private static Optional<Map<String, Object>> fields(String line) {
    try {
      return line.startsWith(COMMENT)
          ? Optional.ofNullable(JSON.readValue(line.substring(COMMENT.length()), FIELDS))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private Optional<ImageBound> parse(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != 4 + header.samples().size()) {
      return Optional.empty();
    }
    try {
      List<Double> bounds = new ArrayList<>();
      for (int i = 4; i < cells.length; i++) {
        bounds.add(Double.valueOf(cells[i]));
      }
      return Optional.of(
          new ImageBound(
              Integer.parseInt(cells[0]),
              bounds,
              Double.parseDouble(cells[1]),
              Double.parseDouble(cells[2])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** What the values depend on. */
  EvaluationHeader header() {
    return header;
  }

  /** How many images have their line. */
  int done() {
    return done;
  }

  /** Appends lines, which are with the operating system when this returns. */
  void append(List<ImageBound> measured) {
    StringBuilder lines = new StringBuilder();
    for (ImageBound bound : measured) {
      String values = values(bound);
      check = TableLine.check(check, values);
      lines.append(TableLine.withCheck(values, check)).append('\n');
    }
    try {
      write(lines.toString());
    } catch (IOException e) {
      throw failed(file, e);
    }
    done += measured.size();
  }

  private static String values(ImageBound bound) {
    StringBuilder line = new StringBuilder();
    line.append(bound.image()).append(',').append(bound.reconstructionNats());
    line.append(',').append(bound.klNats()).append(',').append(bound.elboNats());
    bound.bounds().forEach(nats -> line.append(',').append(nats));
    return line.toString();
  }

  private void write(String text) throws IOException {
    WholeFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Reads all lines again, one at a time. */
  void forEach(Consumer<ImageBound> taker) {
    try {
      forEachLine(line -> taker.accept(parse(line).orElseThrow(() -> damaged(line))));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Takes the values of an image, as text. */
  @FunctionalInterface
  private interface LineTaker {
    void accept(String values) throws IOException;
  }

  private void forEachLine(LineTaker taker) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      TableLine.read(in);
      TableLine.read(in);
      long sum = startOfCheck();
      for (TableLine line = TableLine.read(in); !line.isNothing(); line = TableLine.read(in)) {
        String text = line.text();
        String values = line.checked(sum).orElseThrow(() -> damaged(text));
        sum = TableLine.check(sum, values);
        taker.accept(values);
      }
    }
  }

  private RunException damaged(String line) {
    return new RunException(
        "%s was changed while it was measured, at the line %s; add --resume to measure from there"
            .formatted(file, line));
  }

  /** Makes the table of the lines, without their checksums, now that all are there. */
  void finish() {
    try {
      channel.force(true);
      WholeFile.stream(
          finished,
          out -> {
            put(out, head());
            put(out, columns());
            forEachLine(values -> put(out, values));
          });
      Files.delete(file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static void put(FileChannel out, String line) throws IOException {
    WholeFile.writeFully(out, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static RunException failed(Path file, IOException e) {
    return new RunException(file + " cannot be written: " + Reason.of(e), e);
  }
}
