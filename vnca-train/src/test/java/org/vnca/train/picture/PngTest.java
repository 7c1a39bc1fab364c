package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTest {
  @TempDir Path directory;

  @Test
  void notesInAnyOrder_giveTheSameFile() {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    Map<String, String> forwards = new LinkedHashMap<>();
    Map<String, String> backwards = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      forwards.put("key" + i, "text" + i);
      backwards.put("key" + (4 - i), "text" + (4 - i));
    }
    assertThat(Png.encode(image, forwards)).isEqualTo(Png.encode(image, backwards));
    assertThat(Png.encode(image, forwards)).isNotEqualTo(Png.encode(image, Map.of()));
  }

  @Test
  void greyPicture_isStoredInOneChannel_withEveryLevelKept() throws IOException {
    BufferedImage picture = new BufferedImage(256, 1, BufferedImage.TYPE_INT_RGB);
    for (int level = 0; level < 256; level++) {
      picture.setRGB(level, 0, level * 0x010101);
    }
    BufferedImage stored = ImageIO.read(new ByteArrayInputStream(Png.encode(picture, Map.of())));
    assertThat(stored.getRaster().getNumBands()).isOne();
    for (int level = 0; level < 256; level++) {
      assertThat(stored.getRaster().getSample(level, 0, 0)).isEqualTo(level);
    }
    assertThat(Png.encode(stored, Map.of())).isEqualTo(Png.encode(picture, Map.of()));
  }

  @Test
  void colourPicture_keepsItsPixels() throws IOException {
    BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, 0x123456);
    picture.setRGB(1, 0, 0xfedcba);
    BufferedImage stored = ImageIO.read(new ByteArrayInputStream(Png.encode(picture, Map.of())));
    assertThat(stored.getRGB(0, 0)).isEqualTo(0xff123456);
    assertThat(stored.getRGB(1, 0)).isEqualTo(0xfffedcba);
  }

  @Test
  void notes_areTextChunks() throws IOException {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("run", "mnist-doubling");
    notes.put("command", "vnca figure growth é");
    notes.put("setting", "β = 1");
    byte[] png = Png.encode(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), notes);
    assertThat(chunks(png, "tEXt"))
        .extracting(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .containsExactly("command\0vnca figure growth é", "run\0mnist-doubling");
    assertThat(chunks(png, "iTXt"))
        .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .containsExactly("setting\0\0\0\0\0β = 1");
  }

  @Test
  void write_replacesTheFile_andLeavesNothingBeside() throws IOException {
    Path file = directory.resolve("figures/samples.png");
    Png.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), file, Map.of());
    Png.write(new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB), file, Map.of("step", "2"));
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(5);
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void write_thatFails_leavesNothingBeside() throws IOException {
    Path file = Files.createDirectories(directory.resolve("figures/taken.png"));
    Files.createFile(file.resolve("something"));
    BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> Png.write(picture, file, Map.of()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("cannot write picture " + file);
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void note_withAnEmptyKey_isRefused() {
    BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> Png.encode(picture, Map.of("", "x")))
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
