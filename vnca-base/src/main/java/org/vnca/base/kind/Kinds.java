package org.vnca.base.kind;

import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.vnca.base.fault.ForPeople;

/**
 * The kinds that a part has, such as the update rules: those of the project, and those that {@link
 * ServiceLoader} finds in jars on the class path. Jars are looked at when the kinds are first asked
 * for.
 *
 * @param <K> what makes one kind from its settings
 */
public final class Kinds<K extends Kinds.Kind> {
  private static final Set<Type> PLAIN =
      Set.of(int.class, long.class, double.class, boolean.class, String.class);
  private static final Set<Type> FOR_OPTIONS = Set.of(Path.class, OptionalLong.class);
  private static final Set<Type> MAY_BE_MISSING =
      Set.of(String.class, Path.class, Integer.class, Long.class, Double.class);

  private final Part<K> part;
  private final List<? extends K> own;
  private Map<String, Found<K>> found;

  private Kinds(Part<K> part, List<? extends K> own) {
    this.part = part;
    this.own = List.copyOf(own);
  }

  /** One kind. */
  public interface Kind {
    /** The name that chooses it: lower-case letters, digits and dashes. */
    String type();

    /**
     * The settings with their defaults: a public record. Its constructor throws an exception for
     * people, or an {@link IllegalArgumentException}, for what breaks a rule.
     */
    Record defaults();
  }

  /**
   * A part that has kinds.
   *
   * @param what one of them is called, such as {@code update rule}
   * @param provider what a jar names in {@code META-INF/services}
   * @param settings what the settings of each must be
   * @param source where settings are given
   */
  public record Part<K extends Kind>(
      String what, Class<K> provider, Class<?> settings, Source source) {}

  /** Where settings are given, which decides of what types they can be. */
  public enum Source {
    /**
     * In a descriptor: whole numbers, numbers, truth values, texts, lists of texts, enums, and
     * records of those.
     */
    DESCRIPTOR,
    /**
     * On a command line: whole numbers, numbers, truth values, texts, enums and paths, or {@link
     * Optional} ones.
     */
    OPTIONS
  }

  /**
   * A kind that came from a jar.
   *
   * @param what the part's word, such as {@code update rule}
   * @param type its name
   * @param jar where its class comes from
   */
  public record Outside(String what, String type, Jar jar) {}

  private record Found<K>(K kind, Record defaults, Optional<Jar> jar) {}

  /**
   * The project's own kinds and those from outside.
   *
   * @param own in the order in which messages name them
   */
  public static <K extends Kind> Kinds<K> of(Part<K> part, List<? extends K> own) {
    return new Kinds<>(part, own);
  }

  /**
   * Every kind by its type, the project's own first.
   *
   * @throws JarFault if a jar's kind cannot be used
   */
  public Map<String, K> byType() {
    Map<String, K> kinds = new LinkedHashMap<>();
    found().forEach((type, kind) -> kinds.put(type, kind.kind()));
    return Collections.unmodifiableMap(kinds);
  }

  /**
   * The defaults of every kind by its type, in the order of {@link #byType}.
   *
   * @throws JarFault as {@link #byType}
   */
  public Map<String, Record> defaults() {
    Map<String, Record> defaults = new LinkedHashMap<>();
    found().forEach((type, kind) -> defaults.put(type, kind.defaults()));
    return Collections.unmodifiableMap(defaults);
  }

  /**
   * The kind whose settings these are.
   *
   * @throws IllegalArgumentException if there is none
   */
  public K of(Record settings) {
    return foundOf(settings).kind();
  }

  /**
   * What the kind makes whose settings these are.
   *
   * @param make calls the kind
   * @throws JarFault if a jar's kind makes nothing or throws what is not for people
   * @throws IllegalArgumentException if there is no such kind
   */
  public <T> T make(Record settings, Function<? super K, T> make) {
    Found<K> kind = foundOf(settings);
    if (kind.jar().isEmpty()) {
      return make.apply(kind.kind());
    }
    try {
      T made = make.apply(kind.kind());
      if (made != null) {
        return made;
      }
    } catch (RuntimeException | LinkageError e) {
      if (e instanceof ForPeople) {
        throw e;
      }
      throw broken(kind.kind().getClass(), kind.jar(), "throws " + words(e), e);
    }
    throw broken(kind.kind().getClass(), kind.jar(), "makes nothing (null)", null);
  }

  /** Where the kind comes from whose settings these are; empty for one of the project. */
  public Optional<Outside> outside(Record settings) {
    Found<K> kind = foundOf(settings);
    return kind.jar().map(jar -> new Outside(part.what(), kind.kind().type(), jar));
  }

  /** Every kind that comes from a jar. */
  public List<Outside> outside() {
    return found().entrySet().stream()
        .filter(entry -> entry.getValue().jar().isPresent())
        .map(
            entry -> new Outside(part.what(), entry.getKey(), entry.getValue().jar().orElseThrow()))
        .toList();
  }

  private Found<K> foundOf(Record settings) {
    return found().values().stream()
        .filter(kind -> kind.defaults().getClass() == settings.getClass())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no %s has settings of %s; there are %s"
                        .formatted(part.what(), settings.getClass().getName(), found().keySet())));
  }

  private synchronized Map<String, Found<K>> found() {
    if (found == null) {
      Map<String, Found<K>> all = new LinkedHashMap<>();
      own.forEach(
          kind -> all.put(kind.type(), new Found<>(kind, kind.defaults(), Optional.empty())));
      Jar.given();
      try {
        for (K kind : ServiceLoader.load(part.provider())) {
          add(kind, all);
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        throw Services.fault(part.provider(), part.what(), e);
      }
      found = all;
    }
    return found;
  }

  private void add(K kind, Map<String, Found<K>> all) {
    Class<?> type = kind.getClass();
    Optional<Jar> jar = Optional.of(Jar.holding(type));
    String name = called(type, jar, "type()", kind::type);
    if (name == null || !name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw broken(
          type,
          jar,
          "its type must be lower-case letters and digits with single dashes, but is " + name,
          null);
    }
    Record defaults = called(type, jar, "defaults()", kind::defaults);
    requireSound(type, jar, defaults);
    for (Found<K> before : all.values()) {
      if (before.defaults().getClass() == defaults.getClass()) {
        throw broken(
            type,
            jar,
            "its settings are of the class %s, which are those of %s, too"
                .formatted(defaults.getClass().getName(), before.kind().type()),
            null);
      }
    }
    Found<K> before = all.putIfAbsent(name, new Found<>(kind, defaults, jar));
    if (before != null) {
      throw broken(
          type,
          jar,
          "it is called %s, as is %s %s"
              .formatted(
                  name,
                  before.kind().getClass().getName(),
                  before.jar().map(other -> "of " + other.name()).orElse("of the project")),
          null);
    }
  }

  private void requireSound(Class<?> type, Optional<Jar> jar, Record defaults) {
    if (defaults == null) {
      throw broken(type, jar, "its defaults() are null, not a record", null);
    }
    Class<?> settings = defaults.getClass();
    if (!Modifier.isPublic(settings.getModifiers())) {
      throw broken(
          type, jar, "its settings, %s, must be public".formatted(settings.getName()), null);
    }
    if (!part.settings().isInstance(defaults)) {
      throw broken(
          type,
          jar,
          "its settings, %s, must implement %s"
              .formatted(settings.getName(), part.settings().getName()),
          null);
    }
    requireReadable(type, jar, settings);
  }

  private void requireReadable(Class<?> type, Optional<Jar> jar, Class<?> settings) {
    for (RecordComponent component : settings.getRecordComponents()) {
      Class<?> raw = component.getType();
      if (raw.isRecord() && part.source() == Source.DESCRIPTOR) {
        requireReadable(type, jar, raw);
      } else if (!raw.isEnum() && !canBeGiven(component.getGenericType())) {
        throw broken(
            type,
            jar,
            "its setting %s is of the type %s, which cannot be given"
                .formatted(component.getName(), component.getGenericType().getTypeName()),
            null);
      }
    }
  }

  private boolean canBeGiven(Type component) {
    if (PLAIN.contains(component)) {
      return true;
    }
    if (part.source() == Source.DESCRIPTOR) {
      return component.getTypeName().equals("java.util.List<java.lang.String>");
    }
    return FOR_OPTIONS.contains(component)
        || (component instanceof ParameterizedType of
            && of.getRawType() == Optional.class
            && MAY_BE_MISSING.contains(of.getActualTypeArguments()[0]));
  }

  private <T> T called(Class<?> type, Optional<Jar> jar, String method, Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError e) {
      throw broken(type, jar, "its %s throws %s".formatted(method, words(e)), e);
    }
  }

  private JarFault broken(Class<?> type, Optional<Jar> jar, String why, Throwable cause) {
    return Services.broken(
        type.getName(), jar.map(Jar::name).orElse("the project"), part.what(), why, cause);
  }

  static String words(Throwable thrown) {
    String message = thrown.getMessage();
    return thrown.getClass().getSimpleName()
        + (message == null || message.isBlank()
            ? ""
            : ": " + message.lines().findFirst().orElseThrow());
  }
}
