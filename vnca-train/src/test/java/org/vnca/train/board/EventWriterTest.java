package org.vnca.train.board;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Value;
import com.google.protobuf.WireFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog.SessionStatus;
import org.tensorflow.proto.Summary;

class EventWriterTest {
  @TempDir Path directory;

  @Test
  void reader_knowsTheCheckValueOfCrc32c() {
    assertThat(EventFileReader.crc32c("123456789".getBytes(US_ASCII))).isEqualTo(0xe3069283);
  }

  @Test
  void newFile_beginsWithVersionAndStart() throws IOException {
    try (EventWriter writer = EventWriter.open(directory.resolve("events/train"))) {
      assertThat(writer.file().getFileName().toString())
          .matches("events\\.out\\.tfevents\\.\\d{10}\\.[^.]+\\.\\d+");
      List<Event> events = EventFileReader.read(writer.file());
      assertThat(events).hasSize(2);
      assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
      assertThat(events.get(0).getWallTime()).isGreaterThan(1.7e9);
      assertThat(events.get(1).getSessionLog().getStatus()).isEqualTo(SessionStatus.START);
      assertThat(events.get(1).getStep()).isZero();
    }
  }

  @Test
  void scalars_areInTheFileBeforeItIsClosed() throws IOException {
    try (EventWriter writer = EventWriter.open(directory)) {
      writer.scalar("elbo/nats", -95.25, 7);
      Map<String, Double> report = new LinkedHashMap<>();
      report.put("kl/nats", 21.5);
      report.put("steps-per-second", Double.NaN);
      writer.scalars(report, 8_000_000_000L);

      List<Event> events = EventFileReader.read(writer.file());
      assertThat(events).hasSize(4);
      assertThat(events.get(2).getStep()).isEqualTo(7);
      assertThat(events.get(2).getSummary().getValue(0).getTag()).isEqualTo("elbo/nats");
      assertThat(events.get(2).getSummary().getValue(0).getSimpleValue()).isEqualTo(-95.25f);
      assertThat(events.get(3).getStep()).isEqualTo(8_000_000_000L);
      assertThat(events.get(3).getSummary().getValueList())
          .extracting(Summary.Value::getTag, Summary.Value::getSimpleValue)
          .containsExactly(tuple("kl/nats", 21.5f), tuple("steps-per-second", Float.NaN));
    }
  }

  @Test
  void image_keepsItsPixels() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff8001);
    image.setRGB(2, 1, 0x123456);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    try (EventWriter writer = EventWriter.open(directory)) {
      writer.image("samples", png.toByteArray(), 5);
    }
    Summary.Image stored = onlyValue().getImage();
    assertThat(stored.getWidth()).isEqualTo(3);
    assertThat(stored.getHeight()).isEqualTo(2);
    assertThat(stored.getColorspace()).isEqualTo(3);
    BufferedImage decoded =
        ImageIO.read(new ByteArrayInputStream(stored.getEncodedImageString().toByteArray()));
    assertThat(decoded.getRGB(0, 0, 3, 2, null, 0, 3))
        .containsExactly(image.getRGB(0, 0, 3, 2, null, 0, 3));
  }

  @Test
  void text_isAStringTensorOfThePluginText() throws IOException {
    try (EventWriter writer = EventWriter.open(directory)) {
      writer.text("experiment", "# mnist\nβ = 1", 0);
    }
    Summary.Value value = onlyValue();
    assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("text");
    assertThat(value.getTensor().getDtype()).isEqualTo(DataType.DT_STRING);
    assertThat(value.getTensor().getStringVal(0).toStringUtf8()).isEqualTo("# mnist\nβ = 1");
  }

  @Test
  void hparams_decodeToTheSettings() throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("train.batch", 32);
    settings.put("train.optimizer.learning-rate", 1e-4);
    settings.put("model.shared", true);
    settings.put("model.decoder.type", "doubling");
    settings.put("data.train", List.of("train", "valid"));
    settings.put("train.beta", Double.POSITIVE_INFINITY);
    settings.put("train.pool", null);
    try (EventWriter writer = EventWriter.open(directory)) {
      writer.hparams(settings, 1_700_000_000.5, "mnist");
    }
    Summary.Value value = onlyValue();
    assertThat(value.getTag()).isEqualTo("_hparams_/session_start_info");
    assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("hparams");

    Map<String, Value> decoded = new LinkedHashMap<>();
    CodedInputStream start = field(pluginContent(value), 3).newCodedInput();
    for (int tag = start.readTag(); tag != 0; tag = start.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> putEntry(decoded, start.readBytes());
        case 4 -> assertThat(start.readString()).isEqualTo("mnist");
        case 5 -> assertThat(start.readDouble()).isEqualTo(1_700_000_000.5);
        default -> throw new AssertionError("unexpected tag " + tag);
      }
    }
    assertThat(decoded)
        .containsOnlyKeys(
            "train.batch",
            "train.optimizer.learning-rate",
            "model.shared",
            "model.decoder.type",
            "data.train",
            "train.beta");
    assertThat(decoded.get("train.batch").getNumberValue()).isEqualTo(32);
    assertThat(decoded.get("train.optimizer.learning-rate").getNumberValue()).isEqualTo(1e-4);
    assertThat(decoded.get("model.shared").getBoolValue()).isTrue();
    assertThat(decoded.get("model.decoder.type").getStringValue()).isEqualTo("doubling");
    assertThat(decoded.get("data.train").getStringValue()).isEqualTo("[train, valid]");
    assertThat(decoded.get("train.beta").getStringValue()).isEqualTo("Infinity");
  }

  @Test
  void sessionEnd_hasStatusAndTime() throws IOException {
    try (EventWriter writer = EventWriter.open(directory)) {
      writer.sessionEnd(false, 1_700_000_100.0);
    }
    Summary.Value value = onlyValue();
    assertThat(value.getTag()).isEqualTo("_hparams_/session_end_info");
    CodedInputStream end = field(pluginContent(value), 4).newCodedInput();
    assertThat(WireFormat.getTagFieldNumber(end.readTag())).isEqualTo(1);
    assertThat(end.readEnum()).as("STATUS_FAILURE").isEqualTo(2);
    assertThat(WireFormat.getTagFieldNumber(end.readTag())).isEqualTo(2);
    assertThat(end.readDouble()).isEqualTo(1_700_000_100.0);
  }

  @Test
  void resumedRun_addsAFileThatStartsBehindTheCheckpoint() throws IOException {
    try (EventWriter first = EventWriter.open(directory)) {
      first.scalar("loss", 1, 300);
    }
    try (EventWriter second = EventWriter.open(directory, 200)) {
      second.scalar("loss", 2, 300);
    }
    List<Event> starts =
        EventFileReader.readDirectory(directory).stream().filter(Event::hasSessionLog).toList();
    assertThat(starts).extracting(Event::getStep).containsExactly(0L, 201L);
  }

  @Test
  void nextFile_sortsLast_evenIfTheClockWentBack() throws IOException {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    for (int hour : new int[] {0, 0, -5, 1}) {
      Clock clock = Clock.fixed(noon.plusSeconds(hour * 3600L), ZoneOffset.UTC);
      Path file;
      try (EventWriter writer = EventWriter.open(directory, 0, clock)) {
        file = writer.file();
      }
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.sorted().reduce((a, b) -> b)).contains(file);
      }
    }
  }

  @Test
  void refusals_giveTheRuleAndWhatWasFound() throws IOException {
    EventWriter writer = EventWriter.open(directory);
    assertThatThrownBy(() -> writer.scalar("loss", 1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a step must be at least 0, but is -1");
    assertThatThrownBy(() -> writer.scalar(" ", 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tag must have a visible character, but is blank");
    writer.close();
    writer.close();
    assertThatThrownBy(() -> writer.scalar("loss", 1, 1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot write event file " + writer.file() + ": Stream Closed");
    Path occupied = Files.createFile(directory.resolve("occupied"));
    assertThatThrownBy(() -> EventWriter.open(occupied))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot open an event file in " + occupied);
  }

  private Summary.Value onlyValue() throws IOException {
    List<Event> events = EventFileReader.readDirectory(directory);
    assertThat(events).hasSize(3);
    assertThat(events.get(2).getSummary().getValueCount()).isOne();
    return events.get(2).getSummary().getValue(0);
  }

  private static ByteString pluginContent(Summary.Value value) {
    return value.getMetadata().getPluginData().getContent();
  }

  /** The only field of a message, which must have that number. */
  private static ByteString field(ByteString message, int number) throws IOException {
    CodedInputStream in = message.newCodedInput();
    assertThat(WireFormat.getTagFieldNumber(in.readTag())).isEqualTo(number);
    ByteString content = in.readBytes();
    assertThat(in.isAtEnd()).isTrue();
    return content;
  }

  private static void putEntry(Map<String, Value> map, ByteString entry) throws IOException {
    CodedInputStream in = entry.newCodedInput();
    in.readTag();
    String key = in.readString();
    in.readTag();
    map.put(key, Value.parseFrom(in.readBytes()));
    assertThat(in.isAtEnd()).isTrue();
  }
}
