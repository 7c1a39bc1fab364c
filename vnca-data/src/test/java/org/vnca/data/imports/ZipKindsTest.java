package org.vnca.data.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.fault.DatasetException;

/** Zips as programs of all kinds write them; each is written here byte by byte. */
class ZipKindsTest {
  private static final int STORED = 0;
  private static final int BZIP2 = 12;
  private static final int UTF8 = 0x800;
  private static final int ENCRYPTED = 1;
  private static final int LINK = 0120777;

  @TempDir Path folder;

  private final ByteArrayOutputStream locals = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int count;

  private void entry(String name, byte[] content) throws IOException {
    entry(name.getBytes(StandardCharsets.UTF_8), content, content, UTF8, STORED, 0);
  }

  private void entry(byte[] name, byte[] stored, byte[] content, int flags, int method, int mode)
      throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    int at = locals.size();
    ByteBuffer sizes = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    sizes.putShort((short) 20).putShort((short) flags).putShort((short) method).putInt(0x210000);
    sizes.putInt((int) crc.getValue()).putInt(stored.length).putInt(content.length);
    byte[] common = sizes.array();
    locals.write(new byte[] {'P', 'K', 3, 4});
    locals.write(common);
    locals.write(new byte[] {(byte) name.length, (byte) (name.length >> 8), 0, 0});
    locals.write(name);
    locals.write(stored);
    ByteBuffer rest = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    rest.putShort((short) name.length).putInt(0).putInt(0).putInt(mode << 16).putInt(at);
    directory.write(new byte[] {'P', 'K', 1, 2, 20, 3});
    directory.write(common);
    directory.write(rest.array());
    directory.write(name);
    count++;
  }

  private Path zip() throws IOException {
    ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.put(new byte[] {'P', 'K', 5, 6}).putInt(0).putShort((short) count).putShort((short) count);
    end.putInt(directory.size()).putInt(locals.size());
    Path zip = folder.resolve("some.zip");
    try (var out = Files.newOutputStream(zip)) {
      locals.writeTo(out);
      directory.writeTo(out);
      out.write(end.array());
    }
    return zip;
  }

  private static byte[] png(int level) throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, level);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private ImportSummary imported() throws IOException {
    return new ImagesImport(
            new ImagesImport.Options(
                4, 0, 0, ImagesImport.Background.WHITE, ResampleFilter.LANCZOS, false, false))
        .run(zip(), folder.resolve("out.h5"), ImportProgress.SILENT);
  }

  /** The level of each image, in the order of their names. */
  private int[] levels() {
    try (ImageDataset dataset = ImageDataset.open(folder.resolve("out.h5").toString())) {
      int[] levels = new int[dataset.split("train").size()];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = dataset.split("train").read(new int[] {i})[0] & 0xFF;
      }
      return levels;
    }
  }

  private void assertRefused(String message) {
    assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(this::imported)
        .withMessageMatching(".*some.zip" + message);
    assertThat(folder.resolve("out.h5")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"IBM437, grün, grün", "IBM866, кот, ¬«Γ", "windows-31j, 猫, öL"})
  void namesInACodePage_areReadAsCp437_andTold(String page, String name, String shown)
      throws IOException {
    byte[] raw = (name + ".png").getBytes(Charset.forName(page));
    entry(raw, png(9), png(9), 0, STORED, 0);
    ImportSummary summary = imported();
    assertThat(summary.notes()).hasSize(1);
    assertThat(summary.notes().get(0).kind()).isEqualTo(ImportNote.Kind.CODE_PAGE);
    assertThat(summary.notes().get(0).first()).containsExactly(shown + ".png");
    assertThat(levels()).containsExactly(9);
  }

  @Test
  void utf8Names_needNoMark_norAnythingToTell() throws IOException {
    entry("猫.png".getBytes(StandardCharsets.UTF_8), png(9), png(9), 0, STORED, 0);
    assertThat(imported().notes()).isEmpty();
  }

  @Test
  void twoNamesInOneCodePage_areTwoPictures() throws IOException {
    entry(new byte[] {(byte) 0x81, '.', 'p', 'n', 'g'}, png(8), png(8), 0, STORED, 0);
    entry(new byte[] {(byte) 0x82, '.', 'p', 'n', 'g'}, png(7), png(7), 0, STORED, 0);
    assertThat(imported().images()).containsEntry("train", 2);
  }

  @Test
  void bzip2_isRead() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (var out = new BZip2CompressorOutputStream(packed)) {
      out.write(png(77));
    }
    entry("a.png".getBytes(StandardCharsets.UTF_8), packed.toByteArray(), png(77), 0, BZIP2, 0);
    imported();
    assertThat(levels()).containsExactly(77);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, is encrypted; unpack the zip with its password",
    "1, 99, is encrypted; unpack the zip with its password",
    "0, 14, is packed by a method that is not read \\(LZMA\\)",
    "0, 93, is packed by a method that is not read \\(ZSTD\\)",
    "0, 95, is packed by a method that is not read \\(XZ\\)",
    "0, 97, is packed by a method that is not read \\(WAVPACK\\)",
    "0, 77, is packed by a method that is not read \\(77\\)"
  })
  void whatCannotBeUnpacked_isSaidInWords(int flags, int method, String fault) throws IOException {
    entry("a.png".getBytes(StandardCharsets.UTF_8), png(1), png(1), flags, method, 0);
    assertRefused(
        ": 1 image cannot be used: a.png " + fault + ".* and import the folder; mend them.*");
  }

  @ParameterizedTest
  @CsvSource({
    "a.png, a.png",
    "a.png, ./a.png",
    "x/a.png, x//a.png",
    "x/a.png, x/./a.png",
    "x/a.png, x\\a.png"
  })
  void aNameTwice_isRefused_howeverItIsSpelt(String one, String other) throws IOException {
    entry(one, png(1));
    entry(other, png(1));
    assertRefused(
        " has several files of one name, of which only one can be meant: (x/)?a.png \\(2 times\\);"
            + " make it again");
  }

  @Test
  void otherNames_foldersAndPlacesOutside_areNoDoubles_andWriteNothing() throws IOException {
    entry("a.png", png(2));
    entry("A.png", png(1));
    entry("x/", new byte[0]);
    entry("x/", new byte[0]);
    entry("../outside.png", png(3));
    entry("/outside.png", png(4));
    assertThat(imported().images()).containsEntry("train", 4);
    // Sorted: ../outside, /outside, A, a.
    assertThat(levels()).containsExactly(3, 4, 1, 2);
    assertThat(folder).isDirectoryContaining("glob:**out.h5").isDirectoryContaining("glob:**.zip");
    assertThat(folder.getParent().resolve("outside.png")).doesNotExist();
  }

  @Test
  void links_areBad_andOtherZipsAndHiddenFilesLeftOut() throws IOException {
    entry("a.png", png(2));
    entry("inner.zip", new byte[] {'P', 'K', 3, 4});
    entry("__MACOSX/._a.png", png(3));
    entry("x/.ipynb_checkpoints/a.png", png(3));
    assertThat(imported().notes())
        .extracting(note -> note.kind() + " " + note.first())
        .containsExactly(
            "HIDDEN [__MACOSX/._a.png, x/.ipynb_checkpoints/a.png]", "NO_PICTURE [inner.zip]");
    Files.delete(folder.resolve("out.h5"));
    byte[] target = "a.png".getBytes(StandardCharsets.UTF_8);
    entry("l.png".getBytes(StandardCharsets.UTF_8), target, target, UTF8, STORED, LINK);
    assertRefused(": 1 image cannot be used: l.png is a link, which are not followed.*");
  }

  @Test
  void encryptedFilesThatAreNoPictures_doNoHarm() throws IOException {
    entry("a.png", png(2));
    byte[] text = "text".getBytes(StandardCharsets.UTF_8);
    entry("notes.txt".getBytes(StandardCharsets.UTF_8), text, text, ENCRYPTED, STORED, 0);
    assertThat(imported().images()).containsEntry("train", 1);
  }
}
