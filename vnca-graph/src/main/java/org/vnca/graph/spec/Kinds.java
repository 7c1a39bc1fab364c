package org.vnca.graph.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The kinds that a group of settings has, such as the update rules: those of the project, and those
 * that {@link ServiceLoader} finds in jars on the class path.
 *
 * @param <K> what makes one kind from its settings
 */
public final class Kinds<K extends Kinds.Kind> {
  private final Map<String, K> byType;

  private Kinds(Map<String, K> byType) {
    this.byType = Collections.unmodifiableMap(byType);
  }

  /** One kind. */
  public interface Kind {
    /** The name that a descriptor gives as {@code type}: letters, digits and dashes. */
    String type();

    /**
     * The settings with their defaults: a public record, whose components are whole numbers,
     * numbers, truth values, texts, enums or records of those. Its constructor throws {@link
     * InvalidSetting} for what breaks a rule.
     */
    Record defaults();
  }

  /**
   * The project's own kinds and those from outside.
   *
   * @param own in the order in which messages name them
   * @param provider what a jar names in {@code META-INF/services}
   * @throws IllegalStateException if a jar's provider cannot be made, has no public record as its
   *     settings, or a type is there twice
   */
  public static <K extends Kind> Kinds<K> of(List<? extends K> own, Class<? extends K> provider) {
    Map<String, K> all = new LinkedHashMap<>();
    own.forEach(kind -> all.put(kind.type(), kind));
    try {
      for (K kind : ServiceLoader.load(provider)) {
        requireSound(kind);
        K before = all.putIfAbsent(kind.type(), kind);
        if (before != null) {
          throw new IllegalStateException(
              "two %ss are called %s: %s and %s; take one of the jars off the class path"
                  .formatted(
                      provider.getSimpleName(),
                      kind.type(),
                      before.getClass().getName(),
                      kind.getClass().getName()));
        }
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new IllegalStateException(
          "a jar on the class path has a %s that cannot be used: %s"
              .formatted(provider.getSimpleName(), e.getMessage()),
          e);
    }
    return new Kinds<>(all);
  }

  private static void requireSound(Kind kind) {
    String name = kind.getClass().getName();
    if (kind.type() == null || !kind.type().matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalStateException(
          "the type of %s must be lower-case letters and digits with single dashes, but is %s"
              .formatted(name, kind.type()));
    }
    if (kind.defaults() == null
        || !java.lang.reflect.Modifier.isPublic(kind.defaults().getClass().getModifiers())) {
      throw new IllegalStateException(
          "the settings of %s must be a public record, but are %s"
              .formatted(name, kind.defaults() == null ? "null" : kind.defaults().getClass()));
    }
  }

  /** Every kind by its type. */
  public Map<String, K> byType() {
    return byType;
  }

  /**
   * The kind whose settings these are.
   *
   * @throws IllegalArgumentException if there is none
   */
  public K of(Record settings) {
    return byType.values().stream()
        .filter(kind -> kind.defaults().getClass() == settings.getClass())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no kind has settings of %s; there are %s"
                        .formatted(settings.getClass().getName(), byType.keySet())));
  }
}
