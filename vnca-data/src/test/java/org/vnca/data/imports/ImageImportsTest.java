package org.vnca.data.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.base.file.WholeFile;
import org.vnca.data.ImageDataset;
import org.vnca.data.ImportProgress;
import org.vnca.data.SharedData;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;

/** Imports of pictures: decoding, resampling, splits, and what is wrong with some. */
class ImageImportsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ResampleFilter.class)
  void resizing_keepsAConstantImage(ResampleFilter filter) {
    float[] values = new float[13 * 7 * 4];
    Arrays.fill(values, 80);
    for (int[] size : new int[][] {{5, 3}, {13, 20}, {40, 1}}) {
      Pixmap resized = new Pixmap(13, 7, values).resized(size[0], size[1], filter);
      assertThat(resized.values()).hasSize(size[0] * size[1] * 4);
      for (float value : resized.values()) {
        assertThat(value).isCloseTo(80, within(1e-3f));
      }
    }
  }

  @Test
  void area_byAWholeFactor_isTheMeanOfEachBlock() {
    Pixmap resized = ramp(6, 6).resized(3, 2, ResampleFilter.AREA);
    // Red is 10 x + 100 y: two columns and three rows each.
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        assertThat(resized.values()[4 * (y * 3 + x)])
            .isCloseTo(10 * (2 * x + 0.5f) + 100 * (3 * y + 1), within(1e-3f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ResampleFilter.class)
  void inside_aRampStaysARamp(ResampleFilter filter) {
    Pixmap resized = ramp(64, 64).resized(16, 16, filter);
    for (int x = 4; x < 12; x++) {
      assertThat(resized.values()[4 * (7 * 16 + x)])
          .as(filter + " at " + x)
          .isCloseTo(10 * (4 * x + 1.5f) + 100 * (4 * 7 + 1.5f), within(0.5f));
    }
  }

  /**
   * The row 0, 255, 0, 0, 40, 80, 120, 255 to three pixels: against Pillow 12.3's resize, and areas
   * by hand, such as (0 + 255 + 0 * 2 / 3) / (8 / 3).
   */
  @ParameterizedTest
  @CsvSource({"AREA,96,25,161", "TRIANGLE,101,35,143", "LANCZOS,99,23,157"})
  void row_isResizedAsPillowDoes(ResampleFilter filter, int first, int second, int third) {
    int[] row = {0, 255, 0, 0, 40, 80, 120, 255};
    float[] values = new float[8 * 4];
    for (int i = 0; i < 8; i++) {
      Arrays.fill(values, 4 * i, 4 * i + 3, row[i]);
      values[4 * i + 3] = 1;
    }
    byte[] pixels = new Pixmap(8, 1, values).resized(3, 1, filter).onto(0).centred(3, 0);
    int[] middle = {pixels[9] & 0xFF, pixels[12] & 0xFF, pixels[15] & 0xFF};
    assertThat(middle).containsExactly(first, second, third);
  }

  private static Pixmap decoded(byte[] file) throws IOException {
    try (PictureMemory.Share memory = PictureMemory.share()) {
      return ImageDecoder.decode(file, memory).pixels();
    }
  }

  private static Pixmap ramp(int width, int height) {
    float[] values = new float[width * height * 4];
    for (int i = 0; i < width * height; i++) {
      values[4 * i] = 10f * (i % width) + 100f * Math.floorDiv(i, width);
      values[4 * i + 3] = 1;
    }
    return new Pixmap(width, height, values);
  }

  @Test
  void transparentPixels_showTheBackground_alsoOfIndexedFiles() throws IOException {
    byte[] levels = {0, (byte) 200, 10};
    byte[] alphas = {0, (byte) 255, 127};
    IndexColorModel palette = new IndexColorModel(8, 3, levels, levels, levels, alphas);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    for (int x = 0; x < 3; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    byte[] onWhite = decoded(bytes(image, "png")).onto(255).centred(3, 255);
    assertThat(new int[] {onWhite[9] & 0xFF, onWhite[12] & 0xFF, onWhite[15] & 0xFF})
        .containsExactly(255, 200, 133);
    byte[] onBlack = decoded(bytes(image, "png")).onto(0).centred(3, 0);
    assertThat(new int[] {onBlack[9] & 0xFF, onBlack[12] & 0xFF, onBlack[15] & 0xFF})
        .containsExactly(0, 200, 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void grey_keepsItsLevels(int type) throws IOException {
    BufferedImage image = new BufferedImage(2, 2, type);
    int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
    image.getRaster().setSample(0, 0, 0, most * 100 / 255);
    image.getRaster().setSample(1, 1, 0, most);
    byte[] pixels = decoded(bytes(image, "png")).onto(0).centred(2, 0);
    assertThat(pixels[0] & 0xFF).isEqualTo(100);
    assertThat(pixels[1] & 0xFF).isEqualTo(100);
    assertThat(pixels[9] & 0xFF).isEqualTo(255);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void cutFile_isRefusedWhereverItIsCut(String format) throws IOException {
    byte[] whole = bytes(picture(40, 30, 3), format);
    assertThat(decoded(whole).width()).isEqualTo(40);
    for (int share = 1; share < 20; share++) {
      byte[] cut = Arrays.copyOf(whole, whole.length * share / 20);
      assertThatThrownBy(() -> decoded(cut))
          .as(share + " twentieths")
          .isInstanceOf(IOException.class)
          .hasMessageMatching("is (cut off|damaged.*|no picture.*)");
    }
  }

  @Test
  void transparentDrawing_hasNoRimOnItsOwnColour() {
    float[] values = new float[64 * 64 * 4];
    for (int i = 0; i < 64 * 64; i++) {
      boolean inside = i % 64 > 20 && i % 64 < 45;
      Arrays.fill(values, 4 * i, 4 * i + 3, inside ? 255 : 0);
      values[4 * i + 3] = inside ? 1 : 0;
    }
    byte[] onWhite =
        new Pixmap(64, 64, values)
            .onto(255)
            .resized(16, 16, ResampleFilter.LANCZOS)
            .centred(16, 255);
    for (byte level : onWhite) {
      assertThat(level & 0xFF).isEqualTo(255);
    }
  }

  @Test
  void jpegWhoseFrameHasLostAComponent_isRefused() throws IOException {
    byte[] file = bytes(picture(40, 30, 3), "jpg");
    for (int i = 2; i < file.length - 9; i++) {
      if ((file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == 0xC0) {
        file[i + 9] = 4;
      }
    }
    assertThatThrownBy(() -> decoded(file)).hasMessageStartingWith("is damaged");
  }

  @Test
  void everyFile_isImportedOrCounted() throws IOException {
    byte[] png = bytes(picture(9, 9, 1), "png");
    write("all/a.png", png);
    write("all/b.gif", bytes(picture(9, 9, 2), "gif"));
    write("all/c\nd.jfif", bytes(picture(9, 9, 3), "jpg"));
    write("all/.hidden/x.png", png);
    write("all/__MACOSX/x.png", png);
    write("all/notes.txt", new byte[3]);
    write("all/old.png.bak", png);
    write("all/photo.heic", new byte[3]);
    Files.createSymbolicLink(folder.resolve("all/again.png"), Path.of("a.png"));
    Files.createSymbolicLink(folder.resolve("all/up"), Path.of(".."));
    ImportSummary summary = images(0, 0, false).run(folder.resolve("all"), out(), SILENT);
    assertThat(summary.images()).containsExactly(entry("train", 3));
    assertThat(summary.notes())
        .extracting(note -> note.kind() + " " + note.count() + " " + note.first())
        .containsExactly(
            "HIDDEN 2 [.hidden/x.png, __MACOSX/x.png]",
            "NO_PICTURE 1 [notes.txt]",
            "OTHER_PICTURE 1 [photo.heic]",
            "MISNAMED_PICTURE 1 [old.png.bak]",
            "SAME_FILE 1 [again.png]",
            "LINK_LOOP 1 [up]");
    Files.createSymbolicLink(folder.resolve("all/gone.png"), Path.of("/nowhere/gone.png"));
    assertThatThrownBy(() -> images(0, 0, false).run(folder.resolve("all"), out(), SILENT))
        .hasMessageContaining("gone.png is a link to /nowhere/gone.png, which is not there");
  }

  @Test
  void testSplit_doesNotDependOnTheValidShare() throws IOException {
    for (int i = 0; i < 20; i++) {
      write("some/%02d.png".formatted(i), bytes(picture(9, 9, i), "png"));
    }
    Path more = folder.resolve("more.h5");
    images(0.25, 0.1, false).run(folder.resolve("some"), out(), SILENT);
    images(0.25, 0.4, false).run(folder.resolve("some"), more, SILENT);
    try (ImageDataset one = ImageDataset.open(out().toString());
        ImageDataset two = ImageDataset.open(more.toString())) {
      int[] all = {0, 1, 2, 3, 4};
      assertThat(two.split("test").read(all)).isEqualTo(one.split("test").read(all));
    }
  }

  @Test
  void damagedPng_isRefused() throws IOException {
    byte[] file = bytes(picture(40, 30, 3), "png");
    file[file.length / 2] ^= 1;
    assertThatThrownBy(() -> decoded(file)).hasMessage("is damaged: a checksum is wrong");
  }

  @Test
  void folder_isSplitByAKeyedPermutation_theSameFromAZip() throws IOException {
    for (int i = 0; i < 40; i++) {
      write(
          "pictures/sub" + i % 3 + "/p%02d.png".formatted(i), bytes(picture(20, 10 + i, i), "png"));
    }
    write("pictures/notes.txt", new byte[3]);
    ImportSummary summary = images(0.25, 0.1, false).run(folder.resolve("pictures"), out(), SILENT);
    assertThat(summary.images())
        .containsExactly(entry("train", 26), entry("valid", 4), entry("test", 10));
    zip("pictures.zip", "pictures", false);
    Path again = folder.resolve("again.h5");
    images(0.25, 0.1, false).run(folder.resolve("pictures.zip"), again, SILENT);
    try (ImageDataset one = ImageDataset.open(out().toString());
        ImageDataset two = ImageDataset.open(again.toString())) {
      for (String split : List.of("train", "valid", "test")) {
        int[] all = new int[one.split(split).size()];
        Arrays.setAll(all, i -> i);
        assertThat(two.split(split).read(all)).isEqualTo(one.split(split).read(all));
        assertThat(one.split(split).height()).isEqualTo(16);
        assertThat(one.split(split).channels()).isEqualTo(3);
      }
    }
  }

  @Test
  void badImages_areNamedAndCounted_orLeftOut() throws IOException {
    for (int i = 0; i < 12; i++) {
      byte[] file = bytes(picture(20, 20, i), "jpg");
      write(
          "faces/%02d.jpg".formatted(i), i % 2 == 0 ? Arrays.copyOf(file, file.length / 2) : file);
    }
    assertThatThrownBy(() -> images(0, 0, false).run(folder.resolve("faces"), out(), SILENT))
        .isInstanceOf(DatasetException.class)
        .hasMessageContainingAll(
            "6 images cannot be used: 00.jpg is cut off; 02.jpg is cut off",
            "; and 1 more; ",
            "--skip-bad");
    assertThat(folder).isDirectoryNotContaining("glob:**.{h5,part}");
    ImportSummary summary = images(0, 0, true).run(folder.resolve("faces"), out(), SILENT);
    assertThat(summary.images()).containsExactly(entry("train", 6));
    assertThat(summary.skipped()).hasSize(6).contains("04.jpg is cut off");
  }

  @Test
  void zipWhoseEntryIsNotWhatItSays_isRefused() throws IOException {
    write("one/a.png", bytes(picture(9, 9, 1), "png"));
    write("one/b.png", bytes(picture(9, 9, 2), "png"));
    Path zip = zip("one.zip", "one", true);
    byte[] file = Files.readAllBytes(zip);
    // A byte of the stored pixels of the first entry: behind its header and the PNG's first chunks.
    file[30 + "a.png".length() + 60] ^= 1;
    Files.write(zip, file);
    assertThatThrownBy(() -> images(0, 0, false).run(zip, out(), SILENT))
        .hasMessageContaining("1 image cannot be used: a.png is not what the zip's checksum says");
  }

  /**
   * What stops at the first bad image must leave the zip readable for whoever names all of them.
   */
  @Test
  void zipWithOneBadImageAmongMany_namesThatOneOnly() throws IOException {
    for (int i = 0; i < 40; i++) {
      write("many/%02d.png".formatted(i), bytes(picture(200, 200, i), "png"));
    }
    Path zip = zip("many.zip", "many", true);
    byte[] file = Files.readAllBytes(zip);
    file[30 + "00.png".length() + 60] ^= 1;
    Files.write(zip, file);
    for (int again = 0; again < 10; again++) {
      assertThatThrownBy(() -> images(0, 0, false).run(zip, out(), SILENT))
          .hasMessageContaining(
              "1 image cannot be used: 00.png is not what the zip's checksum says");
    }
  }

  @Test
  void zipWhoseDirectoryHasAWrongSize_isRefused() throws IOException {
    write("one/a.png", bytes(picture(9, 9, 1), "png"));
    Path zip = zip("one.zip", "one", false);
    byte[] file = Files.readAllBytes(zip);
    int entry = 0;
    while (file[entry] != 'P' || file[entry + 1] != 'K' || file[entry + 2] != 1) {
      entry++;
    }
    // The size of what is compressed, in the directory's entry.
    file[entry + 24]++;
    Files.write(zip, file);
    assertThatThrownBy(() -> images(0, 0, false).run(zip, out(), SILENT))
        .hasMessageMatching("(?s).*a.png has \\d+ bytes, but the zip's directory says \\d+.*");
    assertThat(out()).doesNotExist();
  }

  @Test
  void celebaImport_killedInTheMiddle_leavesNothing_andIsDoneAgain() throws Exception {
    celeba(60);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ImageImportsTest.class.getName(),
                folder.resolve("celeba").toString(),
                out().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("in the middle");
      process.destroyForcibly();
      assertThat(process.waitFor()).isNotZero();
    }
    assertThat(out()).doesNotExist();
    assertThat(parts()).hasSize(1);

    celeba(Optional.of("Smiling"), false, false).run(folder.resolve("celeba"), out(), SILENT);
    Path straight = folder.resolve("straight.h5");
    celeba(Optional.of("Smiling"), false, false).run(folder.resolve("celeba"), straight, SILENT);
    assertThat(parts()).isEmpty();
    try (ImageDataset again = ImageDataset.open(out().toString());
        ImageDataset once = ImageDataset.open(straight.toString())) {
      assertThat(again.checksum()).isEqualTo(once.checksum());
    }
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(WholeFile.TEMPORARY))
          .toList();
    }
  }

  /** Imports CelebA, and stands still once some images are written. */
  public static void main(String[] arguments) {
    ImportProgress standing =
        new ImportProgress() {
          private int written;

          @Override
          public void begin(String split, int images) {}

          @Override
          public void advance(int images) {
            written += images;
            if (written >= 20) {
              System.out.println("in the middle");
              LockSupport.park();
            }
          }

          @Override
          public void end() {}
        };
    celeba(Optional.of("Smiling"), false, false)
        .run(Path.of(arguments[0]), Path.of(arguments[1]), standing);
  }

  @Test
  void celeba_keepsThePublishedSplitsOrderAndAttribute() throws IOException {
    celeba(30);
    ImportSummary summary =
        celeba(Optional.of("Smiling"), false, false).run(folder.resolve("celeba"), out(), SILENT);
    assertThat(summary.images())
        .containsExactly(entry("train", 20), entry("valid", 5), entry("test", 5));
    try (ImageDataset dataset = ImageDataset.open(out().toString())) {
      Split valid = dataset.split("valid");
      assertThat(valid.height()).isEqualTo(32);
      for (int i = 0; i < 5; i++) {
        byte[] image = valid.read(new int[] {i});
        byte[] expected =
            decoded(Files.readAllBytes(folder.resolve("celeba/img_align_celeba/" + jpeg(20 + i))))
                .resized(32, 32, ResampleFilter.TRIANGLE)
                .centred(32, 0);
        assertThat(image).isEqualTo(expected);
      }
      assertThat(valid.labels().orElseThrow()).containsExactly(1, 0, 1, 0, 1);
    }
    zip("celeba/img_align_celeba.zip", "celeba/img_align_celeba", false);
    delete(folder.resolve("celeba/img_align_celeba"));
    Path again = folder.resolve("again.h5");
    celeba(Optional.of("Smiling"), false, false).run(folder.resolve("celeba"), again, SILENT);
    assertThat(Files.mismatch(out(), again)).isEqualTo(-1);
  }

  @Test
  void celebaWithoutSomeImages_isRefused_orImportedWithoutThem() throws IOException {
    celeba(30);
    Files.delete(folder.resolve("celeba/img_align_celeba/" + jpeg(3)));
    write("celeba/img_align_celeba/999999.jpg", bytes(picture(178, 218, 1), "jpg"));
    assertThatThrownBy(
            () ->
                celeba(Optional.empty(), false, false).run(folder.resolve("celeba"), out(), SILENT))
        .hasMessageContaining(
            "2 images cannot be used: 000004.jpg is missing; 999999.jpg is not in"
                + " list_eval_partition.txt");
    ImportSummary summary =
        celeba(Optional.empty(), true, true).run(folder.resolve("celeba"), out(), SILENT);
    assertThat(summary.images()).containsEntry("train", 19);
    assertThat(summary.skipped()).hasSize(2);
  }

  @Test
  void leftoversOfAKilledImport_areRemoved_unlessTheyAreInUse() throws IOException {
    write("one/a.png", bytes(picture(9, 9, 1), "png"));
    Path left = Files.write(folder.resolve(".tmp-out.h5-1-00000000000012ab"), new byte[9]);
    images(0, 0, false).run(folder.resolve("one"), out(), SILENT);
    assertThat(left).doesNotExist();
    Path used = Files.write(folder.resolve(".tmp-out.h5-1-00000000000034cd"), new byte[9]);
    try (FileChannel channel = FileChannel.open(used, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      images(0, 0, false).run(folder.resolve("one"), out(), SILENT);
      assertThat(used).exists();
    }
  }

  @Test
  void labelsByFolder_areTheFirstFoldersBelowTheSharedOnes() throws IOException {
    for (int i = 0; i < 3; i++) {
      write("in/set/dog/black/" + i + ".png", bytes(picture(9, 9, i), "png"));
    }
    write("in/set/cat/0.png", bytes(picture(9, 9, 9), "png"));
    ImportSummary summary = labelled().run(folder.resolve("in"), out(), SILENT);
    assertThat(summary.remarks()).containsExactly("labels by folder: 0 cat (1), 1 dog (3)");
    try (ImageDataset dataset = ImageDataset.open(out().toString())) {
      assertThat(dataset.split("train").labels().orElseThrow()).containsExactly(0, 1, 1, 1);
    }
    write("in/loose.png", bytes(picture(9, 9, 9), "png"));
    assertThatThrownBy(() -> labelled().run(folder.resolve("in"), out(), SILENT))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("loose.png lies in no folder that could be its label");
  }

  @Test
  void labelsByFolder_areNeverSplits_norOneAlone() throws IOException {
    write("in/training/0.png", bytes(picture(9, 9, 1), "png"));
    assertThatThrownBy(() -> labelled().run(folder.resolve("in"), out(), SILENT))
        .hasMessageContaining("lies in no folder");
    write("in/test/0.png", bytes(picture(9, 9, 1), "png"));
    assertThatThrownBy(() -> labelled().run(folder.resolve("in"), out(), SILENT))
        .hasMessageContaining("the folders test, training are splits, not classes");
    assertThat(out()).doesNotExist();
  }

  private static ImagesImport labelled() {
    return new ImagesImport(
        new ImagesImport.Options(
            16, 0, 0, ImagesImport.Background.WHITE, ResampleFilter.LANCZOS, false, true));
  }

  @Test
  void notoEmoji_areImportedWhole() {
    Path zip = SharedData.folder().resolve("emoji/noto-emoji-png-64.zip");
    ImportSummary summary = new ImagesImport(ImagesImport.Options.DEFAULT).run(zip, out(), SILENT);
    assertThat(summary.images())
        .containsExactly(entry("train", 2324), entry("valid", 332), entry("test", 664));
  }

  private static final ImportProgress SILENT = ImportProgress.SILENT;

  private static Map.Entry<String, Integer> entry(String split, int images) {
    return Map.entry(split, images);
  }

  private Path out() {
    return folder.resolve("out.h5");
  }

  private static ImagesImport images(double test, double valid, boolean skipBad) {
    return new ImagesImport(
        new ImagesImport.Options(
            16, test, valid, ImagesImport.Background.WHITE, ResampleFilter.LANCZOS, skipBad, false));
  }

  private static CelebaImport celeba(Optional<String> label, boolean square, boolean skipBad) {
    return new CelebaImport(
        new CelebaImport.Options(
            32,
            square ? CelebaImport.Crop.SQUARE : CelebaImport.Crop.NONE,
            ResampleFilter.TRIANGLE,
            label,
            skipBad));
  }

  /** Two thirds train, a sixth valid, a sixth test. */
  private void celeba(int count) throws IOException {
    List<String> partition = new ArrayList<>();
    List<String> attributes = new ArrayList<>(List.of("" + count, "Male Smiling"));
    for (int i = 0; i < count; i++) {
      write("celeba/img_align_celeba/" + jpeg(i), bytes(picture(178, 218, i), "jpg"));
      partition.add(jpeg(i) + " " + (i < count * 2 / 3 ? 0 : i < count * 5 / 6 ? 1 : 2));
      attributes.add(jpeg(i) + "  -1 " + (i % 2 == 0 ? " 1" : "-1"));
    }
    Files.write(folder.resolve("celeba/list_eval_partition.txt"), partition);
    Files.write(folder.resolve("celeba/list_attr_celeba.txt"), attributes);
  }

  private static String jpeg(int number) {
    return "%06d.jpg".formatted(number + 1);
  }

  private static BufferedImage picture(int width, int height, int number) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(20 * (number % 12), 90, 255 - 3 * (number % 80)));
    graphics.fillOval(number % 5, 2, width / 2, height / 2);
    graphics.setColor(Color.ORANGE);
    graphics.drawLine(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  private static byte[] bytes(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private Path zip(String name, String of, boolean stored) throws IOException {
    Path zip = folder.resolve(name);
    Path root = folder.resolve(of);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        ZipEntry entry = new ZipEntry(root.relativize(file).toString());
        if (stored) {
          CRC32 crc = new CRC32();
          crc.update(bytes);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(bytes.length);
          entry.setCrc(crc.getValue());
        }
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
      }
    }
    return zip;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
