package org.vnca.train.experiment;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.base.kind.Kinds;
import org.vnca.graph.rule.UpdateRules;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.vae.Likelihoods;

/** What the records of the settings say about the keys of a descriptor. */
final class Schema {
  /** The key that chooses among the records of a group that has kinds. */
  static final String TYPE = "type";

  /** Groups that jars may bring more kinds of. */
  private static final Map<Class<?>, Kinds<?>> OPEN =
      Map.of(UpdateSpec.class, UpdateRules.all(), LikelihoodSpec.class, Likelihoods.all());

  private Schema() {}

  /** Whether a component of this type is a group of keys. */
  static boolean isGroup(Class<?> type) {
    return type.isRecord() || hasKinds(type);
  }

  /** Whether a group's key {@link #TYPE} chooses among records. */
  static boolean hasKinds(Class<?> group) {
    return OPEN.containsKey(group) || (group.isInterface() && group.isSealed());
  }

  /**
   * The records of a group that has kinds, with their defaults, by the name that a descriptor
   * writes.
   */
  static Map<String, Record> kinds(Class<?> group) {
    if (OPEN.containsKey(group)) {
      return OPEN.get(group).defaults();
    }
    Map<String, Record> kinds = new LinkedHashMap<>();
    for (Class<?> kind : group.getPermittedSubclasses()) {
      kinds.put(InvalidSetting.kebab(kind.getSimpleName()), defaults(kind));
    }
    return kinds;
  }

  /** How a descriptor writes which of a group's kinds a record is. */
  static String typeOf(Class<?> group, Class<?> kind) {
    return kinds(group).entrySet().stream()
        .filter(entry -> entry.getValue().getClass() == kind)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(kind + " is no kind of " + group));
  }

  /** The defaults of a record: its constant {@code PAPER}; none is needed without components. */
  private static Record defaults(Class<?> type) {
    try {
      return (Record)
          (type.getRecordComponents().length == 0
              ? type.getConstructor().newInstance()
              : type.getField("PAPER").get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be public and have a constant PAPER", e);
    }
  }

  /** The record that one number stands for. */
  static Record ofNumber(Class<?> type, double number) {
    try {
      return (Record) type.getMethod("of", double.class).invoke(null, number);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidSetting broken) {
        throw broken;
      }
      throw new IllegalStateException(type + " cannot be built", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must have a public static of(double)", e);
    }
  }

  static Object component(Record settings, RecordComponent component) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " of " + settings + " cannot be read", e);
    }
  }

  /** What a record's constructor throws that is no {@link InvalidSetting}: a jar's may. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(Class<?> type, Throwable thrown) {
      super(
          thrown instanceof IllegalArgumentException && thrown.getMessage() != null
              ? thrown.getMessage()
              : "%s throws %s".formatted(type.getName(), thrown),
          thrown);
    }
  }

  /** Every key below some settings, of every type, with its default. */
  static String describe(Record settings) {
    StringBuilder text = new StringBuilder();
    describe(settings, text);
    return text.toString();
  }

  private static void describe(Record settings, StringBuilder text) {
    text.append(settings.getClass().getName()).append('{');
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      Class<?> type = component.getType();
      text.append(component.getName()).append(' ').append(type.getName()).append(' ');
      if (hasKinds(type)) {
        kinds(type)
            .forEach(
                (name, kind) -> {
                  text.append(name);
                  describe(kind, text);
                });
      }
      if (isGroup(type)) {
        describe((Record) component(settings, component), text);
      } else {
        text.append(component(settings, component)).append('\n');
      }
    }
    text.append('}');
  }

  /** The kinds among some settings that come from jars. */
  static List<Kinds.Outside> outside(Record settings) {
    List<Kinds.Outside> found = new ArrayList<>();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      if (component(settings, component) instanceof Record group) {
        if (OPEN.containsKey(component.getType())) {
          OPEN.get(component.getType()).outside(group).ifPresent(found::add);
        }
        found.addAll(outside(group));
      }
    }
    return found;
  }

  /** The kinds that jars bring. */
  static List<Kinds.Outside> outside() {
    return OPEN.values().stream().flatMap(kinds -> kinds.outside().stream()).toList();
  }

  /**
   * Builds a record; a rule that its constructor finds broken is thrown as it is.
   *
   * @throws Refusal if its constructor throws anything else
   */
  static Record create(Class<?> type, Object[] components) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return (Record) type.getConstructor(types).newInstance(components);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidSetting broken) {
        throw broken;
      }
      throw new Refusal(type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be built", e);
    }
  }
}
