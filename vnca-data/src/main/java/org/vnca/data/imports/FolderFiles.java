package org.vnca.data.imports;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pictures of a folder and the folders in it. Links are followed, but no file or folder is
 * taken twice: what lies there itself comes before what is reached through links, and the name that
 * sorts first before others, so that a picture is never in two splits, and the result does not
 * depend on the order in which a file system lists names.
 */
final class FolderFiles extends ImageFiles {
  private final Path root;
  private final ImportNotes notes;
  private final TreeMap<String, Path> pictures = new TreeMap<>();
  private final Set<Object> met = new HashSet<>();
  private final Deque<Path> folders = new ArrayDeque<>();
  private final TreeMap<String, Path> links = new TreeMap<>();

  FolderFiles(Path root, ImportNotes notes) throws IOException {
    this.root = root;
    this.notes = notes;
    met.add(key(root, attributes(root)));
    folders.add(root);
    while (!folders.isEmpty() || !links.isEmpty()) {
      if (folders.isEmpty()) {
        follow(links.pollFirstEntry().getValue());
      } else {
        list(folders.poll());
      }
    }
  }

  private void list(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException e) {
      if (folder.equals(root)) {
        throw e;
      }
      bad(name(folder) + "/", "cannot be read: " + reason(e));
      return;
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort((a, b) -> name(a).compareTo(name(b)));
    for (Path entry : entries) {
      enter(entry);
    }
  }

  private void enter(Path entry) throws IOException {
    String name = name(entry);
    if (PictureName.isHidden(name)) {
      leaveOut(entry);
      return;
    }
    BasicFileAttributes attributes =
        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      links.put(name, entry);
    } else {
      take(entry, attributes);
    }
  }

  /** Whether it was new. */
  private boolean take(Path entry, BasicFileAttributes attributes) throws IOException {
    String name = name(entry);
    boolean folder = attributes.isDirectory();
    if (!folder && !attributes.isRegularFile()) {
      notes.add(ImportNote.Kind.SPECIAL, name);
      return false;
    }
    if (!folder && !isWanted(name, () -> Files.newInputStream(entry), notes)) {
      return true;
    }
    if (!met.add(key(entry, attributes))) {
      notes.add(ImportNote.Kind.SAME_FILE, folder ? name + "/" : name);
      return false;
    }
    if (folder) {
      folders.add(entry);
    } else {
      pictures.put(name, entry);
    }
    return true;
  }

  private void follow(Path link) throws IOException {
    String name = name(link);
    BasicFileAttributes attributes;
    try {
      attributes = attributes(link);
    } catch (NoSuchFileException e) {
      bad(name, "is a link to %s, which is not there".formatted(target(link)));
      return;
    } catch (IOException e) {
      bad(name, "is a link to %s, which cannot be followed: %s".formatted(target(link), reason(e)));
      return;
    }
    if (attributes.isDirectory() && link.getParent().toRealPath().startsWith(link.toRealPath())) {
      notes.add(ImportNote.Kind.LINK_LOOP, name);
    } else if (take(link, attributes)) {
      notes.add(ImportNote.Kind.LINK, name);
    }
  }

  /** Counts what is hidden, without following links. */
  private void leaveOut(Path entry) throws IOException {
    Files.walkFileTree(
        entry,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            notes.add(ImportNote.Kind.HIDDEN, name(file));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            notes.add(ImportNote.Kind.HIDDEN, name(file));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  /** What two names of one file have in common; Windows has no keys. */
  private static Object key(Path file, BasicFileAttributes attributes) throws IOException {
    return attributes.fileKey() == null ? file.toRealPath() : attributes.fileKey();
  }

  private static String target(Path link) {
    try {
      return PictureName.shown(Files.readSymbolicLink(link).toString());
    } catch (IOException e) {
      return "somewhere";
    }
  }

  private String name(Path file) {
    String relative = root.relativize(file).toString();
    String separator = root.getFileSystem().getSeparator();
    return separator.equals("/") ? relative : relative.replace(separator, "/");
  }

  @Override
  List<String> names() {
    return List.copyOf(pictures.keySet());
  }

  @Override
  byte[] read(String name) throws IOException {
    Path file = pictures.get(name);
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new IOException(
            "has %,d bytes; %,d are the most that are read".formatted(size, MOST_BYTES));
      }
      return Files.readAllBytes(file);
    } catch (java.nio.file.FileSystemException e) {
      throw new IOException("cannot be read: " + reason(e), e);
    }
  }

  @Override
  public void close() {}
}
