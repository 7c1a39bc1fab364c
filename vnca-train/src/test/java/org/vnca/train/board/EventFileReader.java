package org.vnca.train.board;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;

/** Reads event files by their format's description alone; shares no code with the writer. */
final class EventFileReader {
  private static final int CASTAGNOLI_REVERSED = 0x82f63b78;

  private EventFileReader() {}

  /** The events of a directory's files, in the order of the names. */
  static List<Event> readDirectory(Path directory) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        events.addAll(read(file));
      }
    }
    return events;
  }

  static List<Event> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      int start = in.position();
      long length = in.getLong();
      requireCrc(Arrays.copyOfRange(in.array(), start, start + Long.BYTES), in.getInt(), "length");
      byte[] record = new byte[Math.toIntExact(length)];
      in.get(record);
      requireCrc(record, in.getInt(), "data");
      events.add(Event.parseFrom(record));
    }
    return events;
  }

  /** Bit by bit, as the polynomial is defined. */
  static int crc32c(byte[] bytes) {
    int crc = ~0;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ CASTAGNOLI_REVERSED : crc >>> 1;
      }
    }
    return ~crc;
  }

  private static void requireCrc(byte[] bytes, int masked, String what) {
    int rotated = masked - 0xa282ead8;
    int found = rotated << 15 | rotated >>> 17;
    if (found != crc32c(bytes)) {
      throw new IllegalStateException("the CRC of a record's " + what + " is wrong");
    }
  }
}
