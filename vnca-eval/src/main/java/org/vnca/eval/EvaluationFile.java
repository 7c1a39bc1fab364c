package org.vnca.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
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
 * The figures of each image, a line each, as comma-separated values behind a comment line that is
 * the {@link EvaluationHeader} as JSON. Lines are appended as the images are measured, to a file
 * that has the ending {@value #UNFINISHED} until all are there.
 *
 * <p>Numbers are written with as many digits as they have, so that averages over the file are those
 * of what was measured.
 */
final class EvaluationFile implements AutoCloseable {
  static final String UNFINISHED = ".partial";

  private static final String COMMENT = "# ";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final Path finished;
  private final Path file;
  private final FileChannel channel;
  private final EvaluationHeader header;
  private final int[] images;
  private int done;

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
    if (unfinished == Unfinished.KEEP && done > 0) {
      throw new RunException(
          "%s has %d of %d images of an evaluation that has not ended; add --resume to go on with it, or --restart to throw it away"
              .formatted(file, done, images.length));
    }
    channel.truncate(end).position(end);
    if (end == 0) {
      done = 0;
      write(COMMENT + JSON.writeValueAsString(header.fields()) + "\n" + columns() + "\n");
    }
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
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String first = lines.readLine();
      String second = lines.readLine();
      requireSameHeader(first, second);
      if (!columns().equals(second)) {
        return 0;
      }
      long end = bytes(first) + bytes(second);
      long size = channel.size();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // A line that lacks its end reads like one that has it.
        boolean whole = end + bytes(line) <= size && done < images.length;
        if (!whole || parse(line).filter(bound -> bound.image() == images[done]).isEmpty()) {
          break;
        }
        end += bytes(line);
        done++;
      }
      return end;
    }
  }

  private static long bytes(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  /** A header that was cut off has nothing behind it that could be lost. */
  private void requireSameHeader(String line, String next) {
    Optional<Map<String, Object>> found = line == null ? Optional.empty() : fields(line);
    if (found.isEmpty() && next == null) {
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
          ? Optional.of(JSON.readValue(line.substring(COMMENT.length()), FIELDS))
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

  /** What the figures depend on. */
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
      lines.append(bound.image()).append(',').append(bound.reconstructionNats());
      lines.append(',').append(bound.klNats()).append(',').append(bound.elboNats());
      bound.bounds().forEach(nats -> lines.append(',').append(nats));
      lines.append('\n');
    }
    try {
      write(lines.toString());
    } catch (IOException e) {
      throw failed(file, e);
    }
    done += measured.size();
  }

  private void write(String text) throws IOException {
    WholeFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Reads all lines again, one at a time. */
  void forEach(Consumer<ImageBound> taker) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      lines.readLine();
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String damaged = line;
        taker.accept(
            parse(line)
                .orElseThrow(() -> new RunException(file + " has a damaged line: " + damaged)));
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Gives the file its name, now that it is whole. */
  void finish() {
    try {
      channel.force(true);
      WholeFile.move(file, finished);
    } catch (IOException e) {
      throw failed(file, e);
    }
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
