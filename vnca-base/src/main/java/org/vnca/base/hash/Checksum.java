package org.vnca.base.hash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Whether bytes are still the same: 64 bits, the CRC-32 and the CRC-32C, as 16 lower-case
 * hexadecimal digits. Against accidents, not against people, for whom there is {@link Sha256}; in a
 * program that has just started it is ten times as fast.
 */
public final class Checksum {
  private static final int BUFFER = 1 << 16;

  private final CRC32 one = new CRC32();
  private final CRC32C other = new CRC32C();

  private Checksum() {}

  /**
   * Of a file, which is read as a stream.
   *
   * @throws IOException if it cannot be read
   */
  public static String of(Path file) throws IOException {
    Checksum checksum = new Checksum();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        checksum.update(buffer, 0, count);
      }
    }
    return checksum.digits();
  }

  /** Of bytes. */
  public static String of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** Of some of the bytes. */
  public static String of(byte[] bytes, int from, int length) {
    Checksum checksum = new Checksum();
    checksum.update(bytes, from, length);
    return checksum.digits();
  }

  private void update(byte[] bytes, int from, int length) {
    one.update(bytes, from, length);
    other.update(bytes, from, length);
  }

  private String digits() {
    return HexFormat.of().toHexDigits(one.getValue() << 32 | other.getValue());
  }
}
