package org.vnca.base.kind;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which jar and class {@link java.util.ServiceLoader} stumbled over: its own errors name
 * no jar, and those of classes that cannot be linked not even the class.
 */
final class Services {
  private static final String FOLDER = "META-INF/services/";

  private Services() {}

  /**
   * The fault of the first class that cannot be made.
   *
   * @param provider whose implementations were looked for
   * @param what they are called
   * @param thrown what was thrown instead
   */
  static JarFault fault(Class<?> provider, String what, Throwable thrown) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? ClassLoader.getSystemClassLoader() : context;
    try {
      for (URL list : Collections.list(loader.getResources(FOLDER + provider.getName()))) {
        String jar = jar(list);
        List<String> names;
        try {
          names = names(list);
        } catch (IOException e) {
          return new JarFault(
              "%s of %s cannot be read: %s; %s"
                  .formatted(FOLDER + provider.getName(), jar, Kinds.words(e), advice(jar)),
              thrown);
        }
        for (String name : names) {
          Optional<String> why = why(name, provider, loader, thrown);
          if (why.isPresent()) {
            return broken(name, jar, what, why.get(), thrown);
          }
        }
      }
    } catch (IOException e) {
      thrown.addSuppressed(e);
    }
    return new JarFault(
        "a jar has a %s that cannot be used: %s; %s"
            .formatted(what, Kinds.words(thrown), advice("it")),
        thrown);
  }

  /** A class of a jar that cannot be used. */
  static JarFault broken(String type, String jar, String what, String why, Throwable cause) {
    return new JarFault(
        "%s of %s cannot be used as %s %s: %s; %s"
            .formatted(type, jar, article(what), what, why, advice(jar)),
        cause);
  }

  private static String advice(String jar) {
    return "mend it, or take %s out of %s".formatted(jar, Jar.VARIABLE);
  }

  private static String article(String what) {
    return "aeiou".indexOf(what.charAt(0)) >= 0 ? "an" : "a";
  }

  /** Why a class cannot be made, if so. */
  private static Optional<String> why(
      String name, Class<?> provider, ClassLoader loader, Throwable thrown) {
    try {
      Class<?> type = Class.forName(name, true, loader);
      if (!provider.isAssignableFrom(type)) {
        return Optional.of("it does not implement " + provider.getName());
      }
      type.getConstructor().newInstance();
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.of("there is no such class, although " + FOLDER + " names it");
    } catch (NoSuchMethodException e) {
      return Optional.of("it has no public constructor without parameters");
    } catch (IllegalAccessException e) {
      return Optional.of("its constructor cannot be called: " + Kinds.words(e));
    } catch (InstantiationException e) {
      return Optional.of("it is abstract");
    } catch (InvocationTargetException e) {
      return Optional.of("its constructor throws " + Kinds.words(e.getCause()));
    } catch (LinkageError e) {
      // Java says only once what a class's static fields threw.
      boolean again = String.valueOf(e.getMessage()).startsWith("Could not initialize class");
      return Optional.of("it cannot be loaded: " + Kinds.words(again ? root(thrown) : e));
    }
  }

  private static Throwable root(Throwable thrown) {
    return thrown.getCause() == null ? thrown : root(thrown.getCause());
  }

  private static List<String> names(URL list) throws IOException {
    URLConnection connection = list.openConnection();
    connection.setUseCaches(false);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  private static String jar(URL list) {
    try {
      if (list.openConnection() instanceof JarURLConnection jar) {
        return Path.of(jar.getJarFileURL().toURI()).getFileName().toString();
      }
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      return list.toString();
    }
    return list.getPath().replace(FOLDER, "").replaceFirst("/[^/]*$", "");
  }
}
