package org.vnca.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A folder whose content only this user can have written: what is loaded from it runs with this
 * user's rights, and its name in a place for all is no secret.
 */
final class PrivateFolder {
  private static final Path PROCESS = Path.of("/proc/self");
  private static final Set<PosixFilePermission> ALONE =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Makes it, or checks the one that is there.
   *
   * @throws IOException if it cannot be made, is no folder, is another user's, or can be written to
   *     by others; the reason is in words
   */
  static void require(Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    PosixFileAttributeView view =
        Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      // Without owners and modes there is nothing to be told from.
      Files.createDirectories(folder);
      return;
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(ALONE));
    } catch (FileAlreadyExistsException e) {
      check(folder, view.readAttributes());
    }
  }

  private static void check(Path folder, PosixFileAttributes found) throws IOException {
    if (!found.isDirectory()) {
      throw refused(folder, "it is no folder");
    }
    if (!found.owner().equals(self())) {
      throw refused(folder, "it belongs to another user (" + found.owner().getName() + ")");
    }
    if (found.permissions().contains(PosixFilePermission.OTHERS_WRITE)
        || found.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
      throw refused(folder, "others can write to it, so delete it");
    }
  }

  private static FileSystemException refused(Path folder, String why) {
    return new FileSystemException(folder.toString(), null, why);
  }

  /** Whom this process belongs to, also where the system has no name for the user. */
  private static UserPrincipal self() throws IOException {
    return Files.exists(PROCESS)
        ? Files.getOwner(PROCESS)
        : PROCESS
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
  }
}
