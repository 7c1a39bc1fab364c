package org.vnca.base.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why reading or writing failed, in words; the messages of many exceptions are mere file names. */
public final class Reason {
  private Reason() {}

  /**
   * The reason, to stand behind a colon.
   *
   * @return such as {@code permission denied} or {@code No space left on device}
   */
  public static String of(IOException fault) {
    if (fault instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (fault instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (fault instanceof FileAlreadyExistsException) {
      return "there is such a file already";
    }
    if (fault instanceof NotDirectoryException) {
      return "it is no folder";
    }
    if (fault instanceof DirectoryNotEmptyException) {
      return "it is a folder that is not empty";
    }
    String message =
        fault instanceof FileSystemException system ? system.getReason() : fault.getMessage();
    if (message != null && !message.isBlank()) {
      return message;
    }
    // Streams of the JDK throw these without a word.
    if (fault instanceof EOFException) {
      return "it ends too early";
    }
    if (fault instanceof ClosedChannelException) {
      return "it is closed";
    }
    return "the system gives no reason";
  }
}
