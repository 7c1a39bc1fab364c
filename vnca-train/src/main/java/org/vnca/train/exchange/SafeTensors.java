package org.vnca.train.exchange;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;

/**
 * Files of the safetensors format: the length of a header in 8 bytes, the header in JSON (type,
 * shape and place of each tensor), then the tensors one behind the other, little-endian.
 *
 * <p>Tensors of 16, 32 and 64 bits become 32-bit floats; values of 64 bits that would have to be
 * rounded are refused, and so are values that are no numbers.
 */
final class SafeTensors {
  private static final String METADATA = "__metadata__";
  private static final long MOST_HEADER = 100_000_000;

  /** What the format allows: one object, each of its keys once, blanks behind it. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private SafeTensors() {}

  /**
   * A tensor.
   *
   * @param shape its sides
   * @param values row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Tensor(int[] shape, float[] values) {}

  /** What the header says, checked against the file's length. */
  private record Header(long end, List<Place> places) {}

  /**
   * The shape of each tensor, from the header alone.
   *
   * @throws ExchangeException if the file is missing, no such file, or its header is damaged
   */
  static Map<String, int[]> shapes(Path file) {
    return opened(
        file,
        channel -> {
          Map<String, int[]> shapes = new LinkedHashMap<>();
          header(file, channel).places().forEach(place -> shapes.put(place.name, place.shape));
          return shapes;
        });
  }

  /**
   * Reads all tensors.
   *
   * @throws ExchangeException if the file is missing, no such file, or damaged
   */
  static Map<String, Tensor> read(Path file) {
    return opened(
        file,
        channel -> {
          Header header = header(file, channel);
          Map<String, Tensor> tensors = new LinkedHashMap<>();
          for (Place place : header.places()) {
            long size = place.to - place.from;
            if (size > Integer.MAX_VALUE) {
              throw new ExchangeException(
                  "%s: %s has %d bytes, more than any parameter of a model"
                      .formatted(file, place.name, size));
            }
            ByteBuffer data = bytes(channel, header.end() + place.from, (int) size);
            tensors.put(place.name, new Tensor(place.shape, values(file, place, data)));
          }
          return tensors;
        });
  }

  /** Reads something from an open file. */
  private interface Reading<T> {
    T of(FileChannel channel) throws IOException;
  }

  private static <T> T opened(Path file, Reading<T> reading) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return reading.of(channel);
    } catch (JsonProcessingException e) {
      throw broken(file, "its header is not one JSON object that has each key once");
    } catch (NoSuchFileException e) {
      throw new ExchangeException(file + " does not exist; name a safetensors file", e);
    } catch (IOException e) {
      throw new ExchangeException("%s cannot be read: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static Header header(Path file, FileChannel channel) throws IOException {
    long length = channel.size();
    if (length < Long.BYTES) {
      throw broken(file, "it is too short");
    }
    long header = bytes(channel, 0, Long.BYTES).getLong();
    if (header < 2 || header > Math.min(MOST_HEADER, length - Long.BYTES)) {
      throw broken(
          file,
          "its header would have %s bytes (a file of torch.save is none; use safetensors.torch.save_file)"
              .formatted(Long.toUnsignedString(header)));
    }
    byte[] text = new byte[Math.toIntExact(header)];
    bytes(channel, Long.BYTES, text.length).get(text);
    JsonNode root = JSON.readTree(new String(text, StandardCharsets.UTF_8));
    long end = Long.BYTES + header;
    if (!root.isObject()) {
      throw broken(file, "its header is no JSON object");
    }
    JsonNode metadata = root.path(METADATA);
    boolean words =
        metadata.isMissingNode()
            || metadata.isObject()
                && metadata.properties().stream().allMatch(word -> word.getValue().isTextual());
    if (!words) {
      throw broken(file, "its " + METADATA + " is no map of texts");
    }
    return new Header(end, places(file, root, length - end));
  }

  /** Checks that the tensors follow one another without a hole and fill the file. */
  private static List<Place> places(Path file, JsonNode root, long length) {
    List<Place> places = new ArrayList<>();
    root.properties()
        .forEach(
            field -> {
              if (!field.getKey().equals(METADATA)) {
                places.add(Place.of(file, field.getKey(), field.getValue()));
              }
            });
    places.sort(Comparator.comparingLong(Place::from).thenComparingLong(Place::to));
    long end = 0;
    for (Place place : places) {
      if (place.from != end || place.to < place.from || place.to > length) {
        throw broken(
            file,
            "%s lies at bytes %d to %d, where byte %d should follow"
                .formatted(place.name, place.from, place.to, end));
      }
      long size = place.type.bytes;
      for (int side : place.shape) {
        size *= side;
      }
      if (size != place.to - place.from) {
        throw broken(
            file,
            "%s has %d bytes, but its shape needs %d"
                .formatted(place.name, place.to - place.from, size));
      }
      end = place.to;
    }
    if (end != length) {
      throw broken(file, "its tensors end at byte %d of %d".formatted(end, length));
    }
    return places;
  }

  private static float[] values(Path file, Place place, ByteBuffer data) {
    float[] values = new float[data.remaining() / place.type.bytes];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (place.type) {
            case F64 -> exact(file, place, data.getDouble());
            case F32 -> data.getFloat();
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case F16 -> half(data.getShort());
          };
      if (!Float.isFinite(values[i])) {
        throw new ExchangeException(
            "%s: %s holds %s; a model with it cannot be used"
                .formatted(file, place.name, values[i]));
      }
    }
    return values;
  }

  private static float exact(Path file, Place place, double value) {
    if (Double.isFinite(value) && Math.abs(value) > Float.MAX_VALUE) {
      throw new ExchangeException(
          "%s: %s holds %s, beyond what float32 can hold; a model with it cannot be used"
              .formatted(file, place.name, value));
    }
    if (Double.isFinite(value) && (float) value != value) {
      throw new ExchangeException(
          "%s: %s is float64 and would lose digits; save it as float32"
              .formatted(file, place.name));
    }
    return (float) value;
  }

  /** An IEEE 754 half. */
  private static float half(short bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    float size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        };
    return bits < 0 ? -size : size;
  }

  private static ByteBuffer bytes(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("it ends at byte " + (at + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private static ExchangeException broken(Path file, String what) {
    return new ExchangeException(
        "%s is no whole safetensors file: %s; save it again".formatted(file, what));
  }

  /**
   * Writes a file of 32-bit floats, whole or not at all.
   *
   * @param metadata words about them
   * @throws ExchangeException if it cannot be written
   */
  static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Map<String, Object> header = new LinkedHashMap<>();
    // Sorted, so that the same weights are the same file.
    header.put(METADATA, new TreeMap<>(metadata));
    long end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      long next = end + (long) Float.BYTES * entry.getValue().values().length;
      header.put(
          entry.getKey(),
          new TreeMap<>(
              Map.of(
                  "dtype",
                  "F32",
                  "shape",
                  entry.getValue().shape(),
                  "data_offsets",
                  new long[] {end, next})));
      end = next;
    }
    try {
      WholeFile.stream(file, channel -> writeAll(channel, header, tensors));
    } catch (IOException e) {
      throw new ExchangeException("%s cannot be written: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static void writeAll(
      FileChannel channel, Map<String, Object> header, Map<String, Tensor> tensors)
      throws IOException {
    // Spaces round the header up to 8 bytes, as the format's own library does.
    String json = JSON.writeValueAsString(header);
    byte[] text = (json + " ".repeat((8 - json.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN);
    WholeFile.writeFully(channel, start.putLong(text.length).put(text).flip());
    for (Tensor tensor : tensors.values()) {
      ByteBuffer data =
          ByteBuffer.allocate(Float.BYTES * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
      data.asFloatBuffer().put(tensor.values());
      WholeFile.writeFully(channel, data);
    }
  }

  private enum Type {
    F64(8),
    F32(4),
    F16(2),
    BF16(2);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Place(String name, Type type, int[] shape, long from, long to) {
    static Place of(Path file, String name, JsonNode node) {
      String type = node.path("dtype").asText();
      JsonNode offsets = node.path("data_offsets");
      if (!node.path("shape").isArray() || !offsets.isArray() || offsets.size() != 2) {
        throw broken(file, "its header says no shape or place of " + name);
      }
      for (Type known : Type.values()) {
        if (known.name().equals(type)) {
          int[] shape = new int[node.path("shape").size()];
          for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) whole(file, name, node.path("shape").get(i), Integer.MAX_VALUE);
          }
          long from = whole(file, name, offsets.get(0), Long.MAX_VALUE);
          long to = whole(file, name, offsets.get(1), Long.MAX_VALUE);
          return new Place(name, known, shape, from, to);
        }
      }
      throw new ExchangeException(
          "%s: %s is of type %s; save it as float32".formatted(file, name, type));
    }

    private static long whole(Path file, String name, JsonNode node, long most) {
      if (!node.isIntegralNumber() || !node.canConvertToLong()) {
        throw broken(file, "its header says " + node + " in the shape or place of " + name);
      }
      long number = node.asLong();
      if (number < 0 || number > most) {
        throw broken(file, "its header says " + node + " in the shape or place of " + name);
      }
      return number;
    }
  }
}
