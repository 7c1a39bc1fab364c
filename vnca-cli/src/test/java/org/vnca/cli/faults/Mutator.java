package org.vnca.cli.faults;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes bytes as faults of disks, networks and hands do, and as an adversary would. */
final class Mutator {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.+-]+|[^\\sA-Za-z0-9_.+-]");
  private static final List<String> NASTY =
      List.of(
          "null",
          "-1",
          "0",
          "1e999",
          "NaN",
          "[]",
          "{}",
          "[[[[",
          "99999999999999999999",
          "\"\"",
          "true",
          "*a",
          "&a x",
          "!!x.y",
          "0x10",
          "~",
          "\u0000",
          "\u00e9\u2028",
          "2147483648",
          "-9223372036854775808",
          "1.5",
          "''",
          "..",
          "/",
          "a: b",
          "? x",
          "- - -",
          "%d",
          "<<",
          "\t",
          "\uFEFF",
          "--- ",
          "|",
          "1970-01-01",
          "\\u0000",
          "{\"a\":{\"a\":{}}}");
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    2,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffffffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 31,
    1L << 32,
    1L << 40
  };

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /**
   * Changes a file in one to three ways.
   *
   * @param other what it may be spliced with
   * @param text whether it is text, so that tokens and lines can be changed
   */
  byte[] mutate(byte[] original, byte[] other, boolean text) {
    byte[] bytes = original;
    int times = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
    for (int i = 0; i < times; i++) {
      bytes = text && random.nextInt(3) > 0 ? textual(bytes, other) : binary(bytes, other);
    }
    return bytes;
  }

  private byte[] binary(byte[] bytes, byte[] other) {
    if (bytes.length == 0) {
      return other.clone();
    }
    byte[] copy = bytes.clone();
    int at = place(copy.length);
    switch (random.nextInt(8)) {
      case 0 -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          copy[place(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> {
        byte[] values = {0, -1, (byte) random.nextInt(256), (byte) (copy[at] + 1), ' ', '\n'};
        int length = Math.min(copy.length - at, random.nextBoolean() ? 1 : 1 + random.nextInt(16));
        Arrays.fill(copy, at, at + length, values[random.nextInt(values.length)]);
      }
      case 2 -> {
        return Arrays.copyOf(copy, random.nextBoolean() ? at : random.nextInt(copy.length));
      }
      case 3 -> {
        int length = Math.min(copy.length - at, 1 + random.nextInt(300));
        return joined(copy, at + length, copy, at);
      }
      case 4 -> {
        int to = other.length == 0 ? 0 : random.nextInt(other.length);
        return joined(copy, at, other, random.nextBoolean() ? Math.min(at, other.length) : to);
      }
      case 5, 6 -> extreme(copy, at);
      default -> {
        int length = Math.min(copy.length - at, 1 + random.nextInt(300));
        return joined(copy, at, copy, at + length);
      }
    }
    return copy;
  }

  /** Half of the places are near the start, where headers are. */
  private int place(int length) {
    return random.nextInt(random.nextBoolean() ? length : Math.min(length, 512));
  }

  private void extreme(byte[] bytes, int at) {
    ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int width = 1 << random.nextInt(4);
    int place = random.nextBoolean() ? at : at / width * width;
    if (place + width > bytes.length) {
      return;
    }
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    switch (width) {
      case 1 -> buffer.put(place, (byte) value);
      case 2 -> buffer.putShort(place, (short) value);
      case 4 -> buffer.putInt(place, (int) value);
      default -> buffer.putLong(place, value);
    }
  }

  /** The first bytes of one, then those of another from a place on. */
  private static byte[] joined(byte[] one, int to, byte[] other, int from) {
    byte[] joined = Arrays.copyOf(one, to + other.length - from);
    System.arraycopy(other, from, joined, to, other.length - from);
    return joined;
  }

  private byte[] textual(byte[] bytes, byte[] other) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String changed = random.nextInt(3) == 0 ? lines(text, other) : token(text);
    return changed.getBytes(StandardCharsets.UTF_8);
  }

  private String lines(String text, byte[] other) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int one = random.nextInt(lines.size());
    int two = random.nextInt(lines.size());
    switch (random.nextInt(4)) {
      case 0 -> lines.add(one, lines.get(two));
      case 1 -> lines.remove(one);
      case 2 -> {
        String kept = lines.get(one);
        lines.set(one, lines.get(two));
        lines.set(two, kept);
      }
      default -> {
        String[] others = new String(other, StandardCharsets.ISO_8859_1).split("\n", -1);
        lines.add(one, others[random.nextInt(others.length)]);
      }
    }
    return String.join("\n", lines);
  }

  private String token(String text) {
    List<int[]> tokens = new ArrayList<>();
    for (Matcher matcher = TOKEN.matcher(text); matcher.find(); ) {
      tokens.add(new int[] {matcher.start(), matcher.end()});
    }
    if (tokens.isEmpty()) {
      return NASTY.get(random.nextInt(NASTY.size()));
    }
    int[] token = tokens.get(random.nextInt(tokens.size()));
    int[] another = tokens.get(random.nextInt(tokens.size()));
    String instead =
        switch (random.nextInt(4)) {
          case 0 -> text.substring(another[0], another[1]);
          case 1 -> "";
          default -> NASTY.get(random.nextInt(NASTY.size()));
        };
    return text.substring(0, token[0]) + instead + text.substring(token[1]);
  }
}
