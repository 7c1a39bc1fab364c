package org.vnca.data.imports;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.vnca.base.file.Reason;

/**
 * Loads libwebp out of its ImageIO plug-in, and reads with it. By itself the plug-in unpacks the
 * library into the folder for temporary files, where a process that is killed leaves it for ever,
 * and prints whatever fails. So it is given a folder that this user alone can enter, which is
 * deleted as soon as the library is loaded. One of a process that was killed in that moment is
 * deleted by the next one that reads WebP, an hour later.
 */
final class LibWebp {
  private static final String PLACE = "com.luciad.imageio.webp.tmpdir";
  private static final String FOLDER = "vnca-webp-";

  /** More than the second that unpacking and loading takes. */
  private static final Duration UNPACKING = Duration.ofHours(1);

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
    deleteOld(folder, Instant.now().minus(UNPACKING));
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

  /**
   * Deletes what this user's processes left that were killed while they unpacked. What cannot be
   * deleted stays: it is in nobody's way. Another user's is not looked into, since it could become
   * a link to elsewhere at any moment.
   *
   * @param own this process's folder, beside which the others are
   * @param before folders that were last changed before it
   */
  static void deleteOld(Path own, Instant before) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(own.getParent(), FOLDER + "*")) {
      UserPrincipal user = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS);
      for (Path folder : folders) {
        BasicFileAttributes attributes =
            Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()
            && attributes.lastModifiedTime().toInstant().isBefore(before)
            && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)) {
          deleteQuietly(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return;
    }
  }

  private static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (IOException | DirectoryIteratorException e) {
      return;
    }
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
