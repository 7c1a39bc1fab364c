package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.vnca.base.image.ImageShape;

class PngTest {
  private static final PixelImage BLACK = PixelImage.of(new float[1], new ImageShape(1, 1, 1));

  @Test
  void notesInAnyOrder_giveTheSameFile() {
    Map<String, String> forwards = new LinkedHashMap<>();
    Map<String, String> backwards = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      forwards.put("key" + i, "text" + i);
      backwards.put("key" + (4 - i), "text" + (4 - i));
    }
    assertThat(Png.encode(BLACK, 0, forwards)).isEqualTo(Png.encode(BLACK, 0, backwards));
    assertThat(Png.encode(BLACK, 0, forwards)).isNotEqualTo(Png.encode(BLACK, 0, Map.of()));
  }

  @Test
  void greyPicture_isStoredInOneChannel_withEveryLevelKept() throws IOException {
    float[] levels = new float[256];
    for (int i = 0; i < 256; i++) {
      levels[i] = i / 255f;
    }
    PixelImage image = PixelImage.of(levels, new ImageShape(16, 16, 1));
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(image, 0, Map.of())));
    assertThat(read.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 256; i++) {
      assertThat(read.getRaster().getSample(i % 16, i / 16, 0)).isEqualTo(i);
    }
  }

  @Test
  void colours_areKept() throws IOException {
    Random random = new Random(5);
    float[] values = new float[9 * 7 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    PixelImage image = PixelImage.of(values, new ImageShape(9, 7, 3));
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(image, 0, Map.of())));
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 7; x++) {
        assertThat(read.getRGB(x, y) & 0xffffff).isEqualTo(image.rgb(x, y));
      }
    }
  }

  @Test
  void scale_isWrittenAsPixelsOfAMetre() {
    byte[] png = Png.encode(BLACK, 300 / 72.0, Map.of());
    ByteBuffer density = ByteBuffer.wrap(chunks(png, "pHYs").get(0));
    assertThat(density.getInt()).isEqualTo(11811);
    assertThat(density.getInt()).isEqualTo(11811);
    assertThat(density.get()).isOne();
    assertThat(chunks(Png.encode(BLACK, 0, Map.of()), "pHYs")).isEmpty();
  }

  @Test
  void notes_areTextChunks() throws IOException {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("run", "mnist-doubling");
    notes.put("command", "vnca figure growth é");
    notes.put("setting", "β = 1");
    byte[] png = Png.encode(BLACK, 0, notes);
    assertThat(chunks(png, "tEXt"))
        .extracting(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .containsExactly("command\0vnca figure growth é", "run\0mnist-doubling");
    assertThat(chunks(png, "iTXt"))
        .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .containsExactly("setting\0\0\0\0\0β = 1");
  }

  @Test
  void note_withAnEmptyKey_isRefused() {
    assertThatThrownBy(() -> Png.encode(BLACK, 0, Map.of("", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the key of a PNG note must be 1 to 79 printable ASCII characters without a blank at"
                + " either end, but is \"\"");
  }

  /** The contents of a file's chunks of one type, read by the format's description. */
  private static List<byte[]> chunks(byte[] png, String type) {
    ByteBuffer in = ByteBuffer.wrap(png);
    in.position(8);
    List<byte[]> found = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] content = new byte[in.getInt()];
      byte[] name = new byte[4];
      in.get(name).get(content).getInt();
      if (new String(name, StandardCharsets.US_ASCII).equals(type)) {
        found.add(content);
      }
    }
    return found;
  }
}
