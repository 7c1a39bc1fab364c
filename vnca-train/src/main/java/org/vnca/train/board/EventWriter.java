package org.vnca.train.board;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.vnca.base.file.Reason;

/**
 * One TensorBoard event file of a run's directory.
 *
 * <p>A run that goes on after a stop adds a further file to the same directory; TensorBoard reads
 * the files in the order of their names and shows them as one run. What the stopped process had
 * written beyond the checkpoint is dropped from view: each file begins with a {@code
 * SessionLog.START} at the first step that it will report.
 *
 * <p>Every event is with the operating system when its method returns, so a killed process loses
 * none; {@link #flush()} waits for the device. The methods may be called from several threads.
 */
public final class EventWriter implements AutoCloseable {
  // Where a PNG's header says how large it is and what a pixel is.
  private static final int PNG_WIDTH = 16;
  private static final int PNG_HEIGHT = 20;
  private static final int PNG_KIND = 25;

  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*");

  private final RecordFile file;
  private final Clock clock;

  private EventWriter(RecordFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Begins the events of a new run. The directory is created if need be.
   *
   * @throws UncheckedIOException if the file cannot be created or written
   */
  public static EventWriter open(Path directory) {
    return open(directory, 0, Clock.systemUTC());
  }

  /**
   * Begins the events of a directory anew: what was reported there is deleted. Folders in it are
   * left alone.
   *
   * @throws UncheckedIOException if a file cannot be deleted, created or written
   */
  public static EventWriter replace(Path directory) {
    List<Path> before = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (NAME.matcher(file.getFileName().toString()).matches()) {
            before.add(file);
          }
        }
      }
      EventWriter writer = open(directory);
      // Afterwards, so that a process that is killed here leaves one at least.
      for (Path file : before) {
        Files.delete(file);
      }
      return writer;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot replace the event files in " + directory + ": " + Reason.of(e), e);
    }
  }

  /**
   * Goes on with the events of a stopped run: TensorBoard keeps what was reported up to step {@code
   * resumedAtStep}, and drops what was reported of later steps before this call. (Its fast loader,
   * the default, drops a tag's later points once the tag is reported again; the other one at once.)
   *
   * @param resumedAtStep the steps that the checkpoint has behind it; the next report is of a later
   *     step
   * @throws IllegalArgumentException if the step is negative
   * @throws UncheckedIOException if the file cannot be created or written
   */
  public static EventWriter open(Path directory, long resumedAtStep) {
    requireStep(resumedAtStep);
    return open(directory, resumedAtStep + 1, Clock.systemUTC());
  }

  /** As above, with the first step that this file reports: TensorBoard drops it and all later. */
  static EventWriter open(Path directory, long firstStep, Clock clock) {
    RecordFile file;
    try {
      Files.createDirectories(directory);
      file = RecordFile.create(directory.resolve(nextName(directory, clock)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot open an event file in " + directory + ": " + Reason.of(e), e);
    }
    EventWriter writer = new EventWriter(file, clock);
    writer.append(Event.newBuilder().setFileVersion("brain.Event:2"));
    // TensorBoard takes the first START of a directory for the run's beginning, and only the
    // following ones for a restart. So the first file needs one too.
    writer.append(
        Event.newBuilder()
            .setStep(firstStep)
            .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
    return writer;
  }

  /** The file that is written. */
  public Path file() {
    return file.path();
  }

  /**
   * Reports one number.
   *
   * @param tag its name, such as {@code elbo/nats}; what stands before the first slash groups the
   *     charts
   * @param value shown as float32; not-a-number and infinities are marked in the chart
   * @param step the training step that it belongs to
   */
  public void scalar(String tag, double value, long step) {
    scalars(Map.of(tag, value), step);
  }

  /** Reports the numbers of one step as one event. */
  public void scalars(Map<String, Double> values, long step) {
    Summary.Builder summary = Summary.newBuilder();
    values.forEach(
        (tag, value) ->
            summary.addValue(
                Summary.Value.newBuilder()
                    .setTag(requireTag(tag))
                    .setSimpleValue(value.floatValue())));
    appendSummary(summary, step);
  }

  /**
   * Reports a picture. TensorBoard keeps a sample of ten steps per tag.
   *
   * @param png the bytes of a PNG file, grey or RGB
   */
  public void image(String tag, byte[] png, long step) {
    ByteBuffer header = ByteBuffer.wrap(png);
    appendSummary(
        Summary.newBuilder()
            .addValue(
                Summary.Value.newBuilder()
                    .setTag(requireTag(tag))
                    .setImage(
                        Summary.Image.newBuilder()
                            .setHeight(header.getInt(PNG_HEIGHT))
                            .setWidth(header.getInt(PNG_WIDTH))
                            .setColorspace(header.get(PNG_KIND) == 0 ? 1 : 3)
                            .setEncodedImageString(ByteString.copyFrom(png)))),
        step);
  }

  /** Reports text; TensorBoard renders Markdown. */
  public void text(String tag, String markdown, long step) {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addStringVal(ByteString.copyFromUtf8(markdown))
            .build();
    appendSummary(
        Summary.newBuilder()
            .addValue(
                Summary.Value.newBuilder()
                    .setTag(requireTag(tag))
                    .setMetadata(plugin("text", ByteString.EMPTY))
                    .setTensor(tensor)),
        step);
  }

  /**
   * Enters the run in TensorBoard's HParams tab: its settings, and as metrics all scalars of this
   * directory and of those below it. So with {@code events/train} and {@code events/validation},
   * this belongs in a file of its own in {@code events}.
   *
   * <p>The plugin's optional {@code _hparams_/experiment} record is left out on purpose:
   * TensorBoard uses the first one that it meets for all runs, so a setting that only a later run
   * has would be hidden. Without it, the table has the settings and metrics of all runs.
   *
   * <p>Of several calls in a directory, TensorBoard shows the first.
   *
   * @param settings numbers and booleans as such, anything else as its {@code toString}; a setting
   *     without a value (null) is left out
   * @param startTimeSecs seconds since the epoch
   * @param groupName the table's row; runs of the same name share one, with their metrics averaged
   */
  public void hparams(Map<String, ?> settings, double startTimeSecs, String groupName) {
    appendHParams(
        HParams.SESSION_START_TAG, HParams.sessionStart(settings, startTimeSecs, groupName));
  }

  /**
   * Marks the run of {@link #hparams} as ended. Of several calls in a directory, TensorBoard shows
   * the first, so this is for a run that is done or has failed, not for one that stops to go on
   * later.
   *
   * @param endTimeSecs seconds since the epoch
   */
  public void sessionEnd(boolean success, double endTimeSecs) {
    appendHParams(HParams.SESSION_END_TAG, HParams.sessionEnd(success, endTimeSecs));
  }

  /** Waits until the device holds all events so far. */
  public void flush() {
    file.sync();
  }

  /** Flushes and closes; a second call does nothing. */
  @Override
  public void close() {
    file.close();
  }

  private void appendHParams(String tag, ByteString content) {
    appendSummary(
        Summary.newBuilder()
            .addValue(
                Summary.Value.newBuilder()
                    .setTag(tag)
                    .setMetadata(plugin(HParams.PLUGIN, content))
                    .setTensor(
                        TensorProto.newBuilder()
                            .setDtype(DataType.DT_FLOAT)
                            .setTensorShape(
                                TensorShapeProto.newBuilder()
                                    .addDim(TensorShapeProto.Dim.getDefaultInstance())))),
        0);
  }

  private void appendSummary(Summary.Builder summary, long step) {
    append(Event.newBuilder().setStep(requireStep(step)).setSummary(summary));
  }

  private void append(Event.Builder event) {
    file.append(event.setWallTime(clock.millis() / 1000.0).build().toByteArray());
  }

  private static SummaryMetadata plugin(String name, ByteString content) {
    return SummaryMetadata.newBuilder()
        .setPluginData(
            SummaryMetadata.PluginData.newBuilder().setPluginName(name).setContent(content))
        .build();
  }

  private static String requireTag(String tag) {
    if (tag.isBlank()) {
      throw new IllegalArgumentException("a tag must have a visible character, but is blank");
    }
    return tag;
  }

  private static long requireStep(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("a step must be at least 0, but is " + step);
    }
    return step;
  }

  /** A name that sorts after those of the directory, even if the clock went backwards. */
  private static String nextName(Path directory, Clock clock) throws IOException {
    long seconds = clock.millis() / 1000;
    try (DirectoryStream<Path> present = Files.newDirectoryStream(directory)) {
      for (Path path : present) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          seconds = Math.max(seconds, Long.parseLong(name.group(1)) + 1);
        }
      }
    }
    return "events.out.tfevents.%010d.%s.%d"
        .formatted(seconds, host(), ProcessHandle.current().pid());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-]", "_");
    } catch (UnknownHostException e) {
      return "localhost"; // the name is for people; TensorBoard does not read it
    }
  }
}
