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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
   * @param resume whether to go on behind the last line that is whole, if there is one; else the
   *     file starts anew
   * @throws RunException if another process is writing the file, or if it was begun for something
   *     else; the message says for what
   */
  static EvaluationFile open(Path finished, EvaluationHeader header, int[] images, boolean resume) {
    Path file = finished.resolveSibling(finished.getFileName() + UNFINISHED);
    try {
      Files.createDirectories(finished.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      EvaluationFile opened = new EvaluationFile(finished, file, channel, header, images);
      try {
        opened.lock();
        opened.begin(resume);
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

  private void begin(boolean resume) throws IOException {
    long end = resume ? wholeEnd() : 0;
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
      if (first == null || !first.startsWith(COMMENT) || !columns().equals(second)) {
        requireSameHeader(first);
        return 0;
      }
      requireSameHeader(first);
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

  /** A header that was cut off is none. */
  private void requireSameHeader(String line) {
    Map<String, Object> found;
    try {
      found = line == null ? null : JSON.readValue(line.substring(COMMENT.length()), FIELDS);
    } catch (JsonProcessingException | StringIndexOutOfBoundsException e) {
      found = null;
    }
    List<String> differences = found == null ? List.of() : header.differences(found);
    if (!differences.isEmpty()) {
      throw new RunException(
          "%s cannot be resumed: %s; evaluate as it was begun, or without --resume"
              .formatted(file, String.join(", ", differences)));
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
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
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
      Files.move(
          file, finished, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
    return new RunException(file + " cannot be written: " + e.getMessage(), e);
  }
}
