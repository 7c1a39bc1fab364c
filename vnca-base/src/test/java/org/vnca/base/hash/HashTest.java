package org.vnca.base.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashTest {
  /** FIPS 180-2, appendix B.1. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /** FIPS 180-2, appendix B.3: a million times the letter a. */
  private static final String MILLION =
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

  @Test
  void splitMix64_givesTheReferencesFirstNumbers() {
    // First two outputs of the reference implementation with seeds 0 and 1234567.
    assertThat(twoFrom(0)).containsExactly(0xE220A8397B1DCDAFL, 0x6E789E6AA1B965F4L);
    assertThat(twoFrom(1234567)).containsExactly(6457827717110365317L, 3203168211198807973L);
    assertThat(SplitMix64.first(1234567)).isEqualTo(6457827717110365317L);
  }

  private static long[] twoFrom(long seed) {
    return LongStream.iterate(seed + SplitMix64.STEP, state -> state + SplitMix64.STEP)
        .limit(2)
        .map(SplitMix64::finalized)
        .toArray();
  }

  @Test
  void sha256_ofTextAndFile_isTheStandards(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a");
    assertThat(Sha256.of("abc")).isEqualTo(ABC);
    Files.writeString(file, "abc", StandardCharsets.US_ASCII);
    assertThat(Sha256.of(file)).isEqualTo(ABC);
    Files.writeString(file, "a".repeat(1_000_000), StandardCharsets.US_ASCII);
    assertThat(Sha256.of(file)).isEqualTo(MILLION);
  }

  /** The check values of both in Koopman's and Williams's catalogues. */
  @Test
  void checksum_ofBytesAndFile_isThatOfBothCodes(@TempDir Path folder) throws IOException {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Checksum.of(digits)).isEqualTo("cbf43926e3069283");
    assertThat(Checksum.of("x123456789".getBytes(StandardCharsets.US_ASCII), 1, 9))
        .isEqualTo("cbf43926e3069283");
    assertThat(Checksum.of(Files.write(folder.resolve("a"), digits))).isEqualTo("cbf43926e3069283");
  }
}
