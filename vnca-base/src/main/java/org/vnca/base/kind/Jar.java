package org.vnca.base.kind;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.vnca.base.file.Reason;
import org.vnca.base.hash.Sha256;

/**
 * A jar on the class path that is no part of the project, or a folder of classes.
 *
 * @param file where it lies, made absolute
 */
public record Jar(Path file) {
  /** The system property that names the jars from outside, in the form of a class path. */
  public static final String CLASSPATH = "vnca.classpath";

  /** The environment variable from which the launcher makes that property. */
  public static final String VARIABLE = "VNCA_CLASSPATH";

  public Jar {
    file = file.toAbsolutePath().normalize();
  }

  /**
   * The jars that the launcher was given.
   *
   * @throws JarFault if one of them is none
   */
  public static List<Jar> given() {
    List<Jar> given = named().toList();
    given.forEach(Jar::requireReadable);
    return given;
  }

  private static Stream<Jar> named() {
    return Arrays.stream(System.getProperty(CLASSPATH, "").split(File.pathSeparator, -1))
        .filter(name -> !name.isBlank())
        .map(name -> new Jar(Path.of(name)));
  }

  /**
   * The jar that a class comes from.
   *
   * @throws JarFault if Java does not know one
   */
  static Jar holding(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      if (source != null && source.getLocation() != null) {
        return new Jar(Path.of(source.getLocation().toURI()));
      }
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      throw new JarFault(type.getName() + " comes from " + source.getLocation() + ", no file", e);
    }
    throw new JarFault(type.getName() + " comes from no jar that Java knows; put it into one");
  }

  /**
   * The class of a jar from outside that had a part in a fault: the innermost one.
   *
   * @return such as {@code Circle of shapes.jar}; empty if no such class had one
   */
  public static Optional<String> blamed(Throwable thrown) {
    if (System.getProperty(CLASSPATH, "").isBlank()) {
      return Optional.empty();
    }
    // Not whether they can be read: this is asked amid another fault.
    List<Jar> given = named().toList();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      for (StackTraceElement frame : cause.getStackTrace()) {
        Optional<Jar> jar = holding(frame.getClassName()).filter(given::contains);
        if (jar.isPresent()) {
          return Optional.of(frame.getClassName() + " of " + jar.get().name());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Jar> holding(String type) {
    try {
      return Optional.of(
          holding(Class.forName(type, false, Thread.currentThread().getContextClassLoader())));
    } catch (ClassNotFoundException | LinkageError | JarFault e) {
      return Optional.empty();
    }
  }

  /** Its file's name. */
  public String name() {
    return file.getFileName().toString();
  }

  /**
   * Its checksum; of a folder that of its files' names and checksums.
   *
   * @return 64 hexadecimal digits
   * @throws JarFault if it cannot be read
   */
  public String sha256() {
    try {
      return Files.isDirectory(file) ? ofFolder() : Sha256.of(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private String ofFolder() throws IOException {
    StringBuilder listed = new StringBuilder();
    try (Stream<Path> files = Files.walk(file)) {
      for (Path member : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.relativize(member).toString().replace(File.separatorChar, '/');
        listed.append(name).append('\0').append(Sha256.of(member)).append('\n');
      }
    }
    return Sha256.of(listed.toString());
  }

  /** Java passes over a jar that it cannot open, so that what is in it would just not be there. */
  private void requireReadable() {
    if (Files.isDirectory(file)) {
      return;
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() == 0) {
        throw new JarFault("%s of %s is empty; build it anew".formatted(file, VARIABLE));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private JarFault unreadable(IOException e) {
    return new JarFault(
        "%s of %s is no jar that can be read: %s; build it anew, or take it out"
            .formatted(file, VARIABLE, Reason.of(e)),
        e);
  }
}
