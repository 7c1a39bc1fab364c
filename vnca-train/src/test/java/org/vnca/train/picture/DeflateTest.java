package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is compressed here, zlib takes apart again. */
class DeflateTest {
  static Stream<byte[]> data() {
    byte[] noise = new byte[200_000];
    new Random(1).nextBytes(noise);
    byte[] skewed = new byte[150_000];
    Random random = new Random(2);
    for (int i = 0; i < skewed.length; i++) {
      // Codes of more than 15 bits, were they not held back.
      skewed[i] = (byte) Math.min(40, Math.floor(-Math.log(random.nextDouble()) / Math.log(2)));
    }
    byte[] far = new byte[80_000];
    new Random(3).nextBytes(far);
    System.arraycopy(far, 0, far, 32_768, 300);
    System.arraycopy(far, 0, far, 32_769 + 32_768, 300);
    return Stream.of(
        new byte[0],
        new byte[] {7},
        new byte[] {7, 7, 7},
        new byte[1_000_003],
        "abcabcabcabcabcabxabcabcabc".repeat(2000).getBytes(StandardCharsets.UTF_8),
        noise,
        skewed,
        far);
  }

  @ParameterizedTest
  @MethodSource("data")
  void zlib_takesItApart(byte[] data) throws DataFormatException {
    Inflater inflater = new Inflater();
    byte[] packed = Deflate.zlib(data);
    inflater.setInput(packed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 16];
    while (!inflater.finished()) {
      int count = inflater.inflate(piece);
      assertThat(count > 0 || inflater.finished()).as("it goes on").isTrue();
      out.write(piece, 0, count);
    }
    assertThat(out.toByteArray()).isEqualTo(data);
    assertThat(inflater.getRemaining()).isZero();
    inflater.end();
  }

  @Test
  void picture_isPackedAboutAsWellAsZlibDoes() {
    byte[] svg = SvgFile.encode(Pages.page(), Map.of());
    Deflater zlib = new Deflater(6);
    zlib.setInput(svg);
    zlib.finish();
    int theirs = zlib.deflate(new byte[svg.length + 100]);
    zlib.end();
    assertThat((double) Deflate.zlib(svg).length / theirs).isLessThan(1.1);
  }
}
