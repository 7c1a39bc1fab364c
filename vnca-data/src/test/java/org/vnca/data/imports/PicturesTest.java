package org.vnca.data.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pictures of every kind against the pixels that Pillow shows, as {@code scripts/make-pictures.py}
 * wrote them down: upright, and with what an import tells of them.
 */
class PicturesTest {
  private static final String TABLE = "table.tsv";

  private static Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (InputStream file = PicturesTest.class.getResourceAsStream("pictures.zip");
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static List<String[]> table(Map<String, byte[]> entries) {
    return new String(entries.get(TABLE), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split("\t", -1))
        .toList();
  }

  private static ImageDecoder.Decoded decoded(byte[] file) throws IOException {
    try (PictureMemory.Share memory = PictureMemory.share()) {
      return ImageDecoder.decode(file, memory);
    }
  }

  @TestFactory
  Stream<DynamicTest> pictures_areShownAsPillowShowsThem_orRefused() throws IOException {
    Map<String, byte[]> entries = entries();
    List<String[]> table = table(entries);
    assertThat(table).hasSize(entries.size() - 1).hasSizeGreaterThan(100);
    return table.stream()
        .map(row -> DynamicTest.dynamicTest(row[0], () -> check(row, entries.get(row[0]))));
  }

  private static void check(String[] row, byte[] file) throws IOException {
    ImageDecoder.Decoded picture;
    try {
      picture = decoded(file);
    } catch (IOException e) {
      assertThat(row[3]).as("refused: it " + e.getMessage()).isEqualTo("refused");
      assertThat(e).hasMessageMatching(row[4]);
      return;
    }
    assertThat(row[3]).isNotEqualTo("refused");
    assertThat(picture.notes().stream().map(ImportNote.Kind::name).collect(Collectors.toSet()))
        .isEqualTo(row[2].equals("-") ? Set.of() : Set.of(row[2].split(",", -1)));
    Pixmap pixels = picture.pixels().onto(0);
    assertThat(pixels.width() + "x" + pixels.height()).isEqualTo(row[3]);
    byte[] expected = HexFormat.of().parseHex(row[4]);
    for (int i = 0; i < expected.length; i++) {
      float level = pixels.values()[i / 3 * Pixmap.CHANNELS + i % 3];
      if (Math.abs(level - (expected[i] & 0xFF)) > Integer.parseInt(row[1])) {
        fail("pixel %d, channel %d is %s in place of %d", i / 3, i % 3, level, expected[i] & 0xFF);
      }
    }
  }

  @Test
  void everyNoteOfAPicture_isInTheTable() throws IOException {
    Set<ImportNote.Kind> told = EnumSet.noneOf(ImportNote.Kind.class);
    for (String[] row : table(entries())) {
      if (!row[2].equals("-")) {
        Arrays.stream(row[2].split(",", -1)).map(ImportNote.Kind::valueOf).forEach(told::add);
      }
    }
    assertThat(told)
        .containsExactlyInAnyOrder(
            ImportNote.Kind.TURNED,
            ImportNote.Kind.CMYK,
            ImportNote.Kind.FIRST_FRAME,
            ImportNote.Kind.SIXTEEN_BITS,
            ImportNote.Kind.TRANSPARENT,
            ImportNote.Kind.COLOUR_PROFILE);
  }

  /** Whatever is cut off, the pixels are those of the whole file, or the file is refused. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lossless.webp",
        "lossless-alpha.webp",
        "lossy-grey.webp",
        "lossy-alpha.webp",
        "interlaced.gif",
        "tiff_lzw.tif",
        "packbits.tif",
        "group4.tif",
        "palette.bmp",
        "interlaced.png",
        "progressive.jpg"
      })
  void cutAnywhere_isNeverReadWrong(String name) throws IOException {
    byte[] whole = entries().get(name);
    float[] pixels = decoded(whole).pixels().values();
    for (int length = 1; length < whole.length; length++) {
      assertSameOrRefused(Arrays.copyOf(whole, length), pixels, name + " cut to " + length);
    }
  }

  /** The same where the chunk and the file tell the length that is left. */
  @ParameterizedTest
  @ValueSource(strings = {"lossless.webp", "lossless-alpha.webp", "lossy-grey.webp"})
  void webpWithTooFewData_isNeverReadWrong(String name) throws IOException {
    byte[] whole = entries().get(name);
    float[] pixels = decoded(whole).pixels().values();
    assertThat(new String(whole, 12, 3, StandardCharsets.ISO_8859_1)).isEqualTo("VP8");
    List<Integer> refused = new ArrayList<>();
    for (int length = 22; length < whole.length; length += 2) {
      byte[] cut = Arrays.copyOf(whole, length);
      ByteBuffer.wrap(cut)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(4, length - 8)
          .putInt(16, length - 20);
      if (assertSameOrRefused(cut, pixels, name + " with data to " + length)) {
        refused.add(length);
      }
    }
    assertThat(refused.size()).isGreaterThan((whole.length - 22) / 4);
  }

  /** A lossy picture whose first part, which says how blocks are predicted, has lost its end. */
  @Test
  void webpWhoseFirstPartIsShort_isNeverReadWrong() throws IOException {
    byte[] whole = entries().get("lossy-grey.webp");
    float[] pixels = decoded(whole).pixels().values();
    int tag = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(20) & 0xFFFFFF;
    int first = tag >> 5;
    int refused = 0;
    for (int lost = 2; lost < first; lost += 2) {
      int end = 30 + first;
      byte[] cut = new byte[whole.length - lost];
      System.arraycopy(whole, 0, cut, 0, end - lost);
      System.arraycopy(whole, end, cut, end - lost, whole.length - end);
      int shorter = tag - (lost << 5);
      ByteBuffer.wrap(cut)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(4, cut.length - 8)
          .putInt(16, cut.length - 20)
          .put(20, (byte) shorter)
          .put(21, (byte) (shorter >> 8))
          .put(22, (byte) (shorter >> 16));
      refused += assertSameOrRefused(cut, pixels, "without " + lost) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(first / 4);
  }

  private static boolean assertSameOrRefused(byte[] file, float[] pixels, String what) {
    try {
      assertThat(decoded(file).pixels().values()).as(what).isEqualTo(pixels);
      return false;
    } catch (IOException e) {
      assertThat(e.getMessage()).as(what).matches("(is|has) .*");
      return true;
    }
  }

  /** Whatever bytes a file has, it is decoded or refused in words, and soon. */
  @Test
  void anyBytes_areDecodedOrRefusedInWords() throws IOException {
    Map<String, byte[]> entries = entries();
    Random random = new Random(6);
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] file = entry.getValue().clone();
      if (file.length < 30 || entry.getKey().equals(TABLE)) {
        continue;
      }
      for (int i = 0; i < 3; i++) {
        file[random.nextInt(file.length)] = (byte) random.nextInt(256);
        try {
          decoded(file);
        } catch (IOException e) {
          assertThat(e.getMessage())
              .as(entry.getKey())
              .matches("(is|has) .*")
              .doesNotContain("Exception", "java.", "twelvemonkeys")
              .isEqualTo(e.getMessage().strip());
          assertThat(e.getMessage().toLowerCase(Locale.ROOT)).doesNotContain("null");
        }
      }
    }
  }
}
