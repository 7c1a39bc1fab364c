package org.vnca.train.experiment;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vnca.graph.spec.InvalidSetting;

/** What the records of the settings say about the keys of a descriptor. */
final class Schema {
  /** The key that chooses among the records of a sealed interface. */
  static final String TYPE = "type";

  private Schema() {}

  /** Whether a component of this type is a group of keys. */
  static boolean isGroup(Class<?> type) {
    return type.isRecord() || (type.isInterface() && type.isSealed());
  }

  /** The records that a sealed interface permits, by the name that a descriptor writes. */
  static Map<String, Class<?>> kinds(Class<?> sealed) {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (Class<?> kind : sealed.getPermittedSubclasses()) {
      kinds.put(InvalidSetting.kebab(kind.getSimpleName()), kind);
    }
    return kinds;
  }

  /** The defaults of a record: its constant {@code PAPER}; none is needed without components. */
  static Record defaults(Class<?> type) {
    try {
      return (Record)
          (type.getRecordComponents().length == 0
              ? type.getConstructor().newInstance()
              : type.getField("PAPER").get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be public and have a constant PAPER", e);
    }
  }

  static Object component(Record settings, RecordComponent component) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " of " + settings + " cannot be read", e);
    }
  }

  /** Builds a record; a rule that its constructor finds broken is thrown as it is. */
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
      throw new IllegalStateException(type + " cannot be built", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be built", e);
    }
  }
}
