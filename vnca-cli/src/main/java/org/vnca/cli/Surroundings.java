package org.vnca.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vnca.base.file.Reason;
import org.vnca.cli.frame.UsageException;

/** What the process finds where it was started: the encoding of names, and places to write. */
final class Surroundings {
  /** The property by which JavaCPP is told where to unpack TensorFlow's library. */
  static final String CACHE = "org.bytedeco.javacpp.cachedir";

  private static final String NAMES = "sun.jnu.encoding";

  /** What Java makes of bytes that are no character of the locale's. */
  private static final char UNKNOWN = '\ufffd';

  private Surroundings() {}

  /**
   * Refuses names that Java cannot read or write in this locale.
   *
   * @param words of the command line
   * @throws UsageException if one has a character that the locale does not
   */
  static void requireNames(List<String> words) {
    for (String word : words) {
      if (word.indexOf(UNKNOWN) >= 0 || !canBeName(word)) {
        throw new UsageException(
            "",
            "'%s' has characters that names of files cannot have in this locale (%s); set LC_ALL to one with UTF-8, such as C.UTF-8"
                .formatted(word, System.getProperty(NAMES)));
      }
    }
  }

  private static boolean canBeName(String word) {
    try {
      return Charset.forName(System.getProperty(NAMES, "UTF-8")).newEncoder().canEncode(word);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return true;
    }
  }

  /**
   * Where TensorFlow's library is unpacked, if JavaCPP would choose a bad place by itself: without
   * a home directory it would make a folder {@code ?} wherever the program is started.
   *
   * @param properties {@code user.home}, {@code java.io.tmpdir}
   * @param environment {@code XDG_CACHE_HOME}
   * @return nothing if there is a home directory, where JavaCPP has its place; else a folder that
   *     lies in one of this program's own, which {@link PrivateFolder} must have checked
   */
  static Optional<Path> cache(Map<?, ?> properties, Map<String, String> environment) {
    if (absolute(properties.get("user.home")).filter(Surroundings::canHold).isPresent()) {
      return Optional.empty();
    }
    return absolute(environment.get("XDG_CACHE_HOME"))
        .filter(Surroundings::canHold)
        .or(() -> absolute(properties.get("java.io.tmpdir")))
        .map(folder -> folder.resolve("vnca-" + user()).resolve("javacpp"));
  }

  /**
   * Makes the folder that holds the one of {@link #cache}, or checks that nobody else put it there.
   *
   * @throws SurroundingsException if TensorFlow's library could not be unpacked there, or by
   *     another user
   */
  static void requireCache(Path cache) {
    Path own = cache.getParent();
    try {
      PrivateFolder.require(own);
    } catch (IOException e) {
      throw new SurroundingsException(
          "TensorFlow's library cannot be unpacked into %s: %s; set HOME or XDG_CACHE_HOME to a folder of your own"
              .formatted(own, Reason.of(e)),
          e);
    }
  }

  private static Optional<Path> absolute(Object text) {
    try {
      return Optional.ofNullable(text)
          .map(name -> Path.of(name.toString()))
          .filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether JavaCPP's folder is there, or can be made. */
  private static boolean canHold(Path home) {
    Path place = home.resolve(".javacpp").resolve("cache");
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    return place != null && Files.isDirectory(place) && Files.isWritable(place);
  }

  /** A word for this user that no other has, also for one that the system has no name for. */
  private static String user() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return System.getProperty("user.name", "user")
          .toLowerCase(Locale.ROOT)
          .replaceAll("[^a-z0-9]", "-");
    }
  }
}
