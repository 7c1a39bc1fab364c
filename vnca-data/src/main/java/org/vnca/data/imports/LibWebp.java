package org.vnca.data.imports;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.vnca.base.file.Reason;

/**
 * Loads libwebp out of its ImageIO plug-in, and reads with it. By itself the plug-in unpacks the
 * library into the folder for temporary files, where a process that is killed leaves it for ever,
 * and prints whatever fails. So it is given a folder that this user alone can enter, which is
 * deleted as soon as the library is loaded.
 */
final class LibWebp {
  private static final String PLACE = "com.luciad.imageio.webp.tmpdir";
  private static final String FOLDER = "vnca-webp-";

  /** One for all pictures: the plug-in keeps each for as long as the process lives. */
  private static ImageReadParam options;

  private LibWebp() {}

  /**
   * Loads the library, unless it is loaded.
   *
   * @throws IOException if it cannot be; the message goes on from the file's name
   */
  static synchronized void require(ImageReader reader) throws IOException {
    if (options == null) {
      options = loaded(reader);
    }
  }

  /**
   * The picture, RGB or with alpha.
   *
   * @throws IOException if it is cut off or damaged; the message goes on from the file's name
   */
  static BufferedImage read(ImageReader reader) throws IOException {
    try {
      return reader.read(0, options);
    } catch (IOException e) {
      boolean cut = Reason.of(e).contains("NotEnoughData");
      throw new IOException(cut ? "is cut off" : "is damaged: it cannot be decoded", e);
    }
  }

  private static ImageReadParam loaded(ImageReader reader) throws IOException {
    Path folder;
    try {
      folder = Files.createTempDirectory(FOLDER);
    } catch (IOException e) {
      throw unloaded(Reason.of(e), e);
    }
    PrintStream err = System.err;
    String before = System.getProperty(PLACE);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setProperty(PLACE, folder.toString());
      return reader.getDefaultReadParam();
    } catch (LinkageError e) {
      throw unloaded(first(said.toString(StandardCharsets.UTF_8)), e);
    } finally {
      System.setErr(err);
      if (before == null) {
        System.clearProperty(PLACE);
      } else {
        System.setProperty(PLACE, before);
      }
      delete(folder);
    }
  }

  /** What the plug-in printed first, which it does not say in its exceptions. */
  private static String first(String said) {
    return said.lines().findFirst().orElse("the system does not load it");
  }

  private static IOException unloaded(String why, Throwable cause) {
    return new IOException(
        "is WebP, whose library cannot be unpacked into %s: %s; set TMPDIR to another folder"
            .formatted(System.getProperty("java.io.tmpdir"), why),
        cause);
  }

  /** The system goes on with what is loaded. */
  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
