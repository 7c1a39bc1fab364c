package org.vnca.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.logging.LogManager;

/** Settles how libraries behave, unless the user has said so by the same properties. */
final class Libraries {
  private static final String LOG_CLASS = "java.util.logging.config.class";
  private static final String LOG_FILE = "java.util.logging.config.file";

  private Libraries() {}

  /** Must be called before the libraries are used; loads none of them. */
  static void settle() {
    if (System.getProperty(LOG_FILE) == null) {
      setUnlessSet(LOG_CLASS, Logging.class.getName());
    }
    // JavaCPP would bound the process's whole memory, TensorFlow's included, by Java's heap.
    setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
    setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    Surroundings.cache(System.getProperties(), System.getenv())
        .ifPresent(place -> setUnlessSet(Surroundings.CACHE, place.toString()));
  }

  /**
   * Must be called before TensorFlow is used, if {@link #settle} was.
   *
   * @throws SurroundingsException if there is no safe place for its library
   */
  static void requirePlace() {
    Surroundings.cache(System.getProperties(), System.getenv())
        .filter(place -> place.toString().equals(System.getProperty(Surroundings.CACHE)))
        .ifPresent(Surroundings::requireCache);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Warnings of libraries, a line each, on standard error. Made by the log manager. */
  public static final class Logging {
    /**
     * Configures.
     *
     * @throws IOException if the class path lacks the configuration
     */
    public Logging() throws IOException {
      try (InputStream settings = Logging.class.getResourceAsStream("logging.properties")) {
        LogManager.getLogManager().readConfiguration(settings);
      }
    }
  }
}
