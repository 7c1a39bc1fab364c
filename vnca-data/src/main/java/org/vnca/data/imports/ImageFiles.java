package org.vnca.data.imports;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vnca.data.fault.DatasetException;

/**
 * The pictures of a folder, with those of its folders, or of a zip; for many threads. Every file
 * that is met is one of the pictures, one of the bad ones, or noted under a reason.
 */
abstract class ImageFiles implements Closeable {
  /** A picture file beyond this is none, or packed to do harm. */
  static final long MOST_BYTES = 1L << 30;

  private final Map<String, String> bad = new TreeMap<>();

  /**
   * Opens a folder or a zip.
   *
   * @param notes hears of what is left out or followed
   * @throws DatasetException if there is neither, or it cannot be read
   */
  static ImageFiles open(Path source, ImportNotes notes) {
    try {
      if (Files.isDirectory(source)) {
        return new FolderFiles(source, notes);
      }
      if (Files.isRegularFile(source)) {
        return new ZipFiles(source, notes);
      }
    } catch (IOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(source, reason(e)), e);
    }
    throw new DatasetException(
        "%s must be a folder or a zip with images, but is %s"
            .formatted(source, Files.exists(source) ? "neither" : "missing"));
  }

  /** Paths of the pictures within the source, sorted, so that no file system's order matters. */
  abstract List<String> names();

  /**
   * The bytes of one.
   *
   * @throws IOException if it cannot be read, or is not what the zip's directory says; the message
   *     goes on from the file's name
   */
  abstract byte[] read(String name) throws IOException;

  /** Files that are known to be unusable already: each name with its fault, sorted. */
  final Map<String, String> bad() {
    return bad;
  }

  final void bad(String name, String fault) {
    bad.put(name, fault);
  }

  /** Opens a file to look at its first bytes. */
  @FunctionalInterface
  interface Opener {
    /** The file's bytes from the first on. */
    InputStream open() throws IOException;
  }

  /**
   * Whether a file that is neither hidden nor a link to nowhere is to be imported. If not, that is
   * noted.
   *
   * @param file looked into where the name does not say enough
   */
  final boolean isWanted(String name, Opener file, ImportNotes notes) {
    PictureName.Says says = PictureName.says(name);
    if (says == PictureName.Says.PICTURE) {
      return true;
    }
    if (says == PictureName.Says.OTHER_PICTURE) {
      notes.add(ImportNote.Kind.OTHER_PICTURE, name);
      return false;
    }
    if (!beginsLikeAPicture(file)) {
      notes.add(ImportNote.Kind.NO_PICTURE, name);
      return false;
    }
    if (says == PictureName.Says.NOTHING) {
      notes.add(ImportNote.Kind.MISNAMED_PICTURE, name);
      return false;
    }
    return true;
  }

  private static boolean beginsLikeAPicture(Opener file) {
    try (InputStream in = file.open()) {
      return PictureKind.of(in.readNBytes(PictureKind.FIRST_BYTES)).isPresent();
    } catch (IOException e) {
      // Nothing says that it is a picture, so it is not missed.
      return false;
    }
  }

  /** Why something cannot be read, in words that need no file name. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "this user may not read it";
    } else if (e instanceof NoSuchFileException) {
      return "it is not there any more";
    } else if (e instanceof EOFException) {
      return "it is cut off";
    } else if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e.getMessage() == null
        ? "the system does not say why"
        : PictureName.shown(e.getMessage());
  }
}
