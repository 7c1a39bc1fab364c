package org.vnca.train.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads event files with nothing but the description of their format: neither the writer's code nor
 * TensorFlow's classes nor a library for protocol buffers. Only what scalars and images need.
 */
final class WireEvents {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private WireEvents() {}

  /**
   * A value of a summary.
   *
   * @param step of its event
   * @param tag its name
   * @param scalar {@code simple_value}; NaN if it has none
   * @param png {@code encoded_image_string}; empty if it has none
   * @param width of the image; 0 without one
   * @param height of the image; 0 without one
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Value(long step, String tag, float scalar, byte[] png, int width, int height) {}

  /** A field of a message: its number, and its number or bytes. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Field(int number, long value, byte[] bytes) {}

  /** The values of all files in a directory, in the order of the names. */
  static List<Value> readDirectory(Path directory) throws IOException {
    List<Value> values = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        values.addAll(read(Files.readAllBytes(file)));
      }
    }
    return values;
  }

  /** Each record: length, its CRC, that many bytes, their CRC; the first names the version. */
  private static List<Value> read(byte[] file) {
    List<Value> values = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    boolean first = true;
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.mark().get(length);
      in.reset();
      byte[] record = new byte[Math.toIntExact(in.getLong())];
      requireMasked(in.getInt(), length);
      in.get(record);
      requireMasked(in.getInt(), record);
      if (first && !text(find(fields(record), 3).bytes()).equals("brain.Event:2")) {
        throw new AssertionError("the first record must be brain.Event:2");
      }
      first = false;
      values.addAll(event(fields(record)));
    }
    return values;
  }

  /** Event: step is field 2, summary is field 5, whose values are field 1. */
  private static List<Value> event(List<Field> event) {
    List<Value> values = new ArrayList<>();
    Field step = find(event, 2);
    Field summary = find(event, 5);
    if (summary != null) {
      for (Field value : fields(summary.bytes())) {
        values.add(value(step == null ? 0 : step.value(), fields(value.bytes())));
      }
    }
    return values;
  }

  /** Summary.Value: tag 1, simple_value 2, image 4 with height 1, width 2, encoded 4. */
  private static Value value(long step, List<Field> value) {
    Field scalar = find(value, 2);
    Field image = find(value, 4);
    List<Field> parts = image == null ? List.of() : fields(image.bytes());
    return new Value(
        step,
        text(find(value, 1).bytes()),
        scalar == null ? Float.NaN : Float.intBitsToFloat((int) scalar.value()),
        image == null ? new byte[0] : find(parts, 4).bytes(),
        image == null ? 0 : (int) find(parts, 2).value(),
        image == null ? 0 : (int) find(parts, 1).value());
  }

  private static Field find(List<Field> fields, int number) {
    return fields.stream().filter(field -> field.number() == number).findFirst().orElse(null);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The wire format: a key (number and type), then what the type says. */
  private static List<Field> fields(byte[] message) {
    List<Field> fields = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >>> 3);
      switch ((int) (key & 7)) {
        case VARINT -> fields.add(new Field(number, varint(in), new byte[0]));
        case FIXED64 -> fields.add(new Field(number, in.getLong(), new byte[0]));
        case FIXED32 -> fields.add(new Field(number, in.getInt(), new byte[0]));
        case BYTES -> {
          byte[] bytes = new byte[Math.toIntExact(varint(in))];
          in.get(bytes);
          fields.add(new Field(number, 0, bytes));
        }
        default -> throw new AssertionError("no such wire type: " + (key & 7));
      }
    }
    return fields;
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte part = in.get();
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
  }

  /** Rotated right by 15 bits, plus a constant. */
  private static void requireMasked(int masked, byte[] bytes) {
    int crc = crc32c(bytes);
    if (masked != ((crc >>> 15) | (crc << 17)) + 0xa282ead8) {
      throw new AssertionError("the CRC of a record is wrong");
    }
  }

  /** Castagnoli's polynomial, bit by bit. */
  static int crc32c(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
      }
    }
    return ~crc;
  }
}
