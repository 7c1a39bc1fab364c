package org.vnca.cli.data;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.vnca.base.fault.ForPeople;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Words;
import org.vnca.data.imports.ImportOption;
import org.vnca.data.imports.InvalidOption;
import org.vnca.graph.spec.InvalidSetting;

/** The options of an import: the components of a record, as a command line has them. */
final class ImportOptions {
  private final Record defaults;
  private final RecordComponent[] components;

  /**
   * @param defaults the record, whose components have the types of {@link
   *     org.vnca.base.kind.Kinds.Source#OPTIONS}
   */
  ImportOptions(Record defaults) {
    this.defaults = defaults;
    this.components = defaults.getClass().getRecordComponents();
  }

  /** Each as the help shows it, in the record's order. */
  List<Flag> flags() {
    return Arrays.stream(components).map(this::flag).toList();
  }

  private Flag flag(RecordComponent component) {
    Optional<ImportOption> option =
        Optional.ofNullable(component.getAnnotation(ImportOption.class));
    String what = option.map(ImportOption::value).orElse("");
    if (component.getType() == boolean.class) {
      return Flag.of(name(component), what);
    }
    String argument =
        option.map(ImportOption::argument).filter(a -> !a.isBlank()).orElse(argument(component));
    if (option.map(ImportOption::required).orElse(false)) {
      return Flag.required(name(component), argument, what);
    }
    String otherwise = isOptional(component) ? "" : "default: " + word(value(component));
    String between = what.isBlank() || otherwise.isBlank() ? "" : "; ";
    return Flag.valued(name(component), argument, what + between + otherwise);
  }

  private static String name(RecordComponent component) {
    return InvalidSetting.kebab(component.getName());
  }

  private static boolean isOptional(RecordComponent component) {
    return component.getType() == Optional.class || component.getType() == OptionalLong.class;
  }

  private static String argument(RecordComponent component) {
    Type type = bare(component);
    return type == Path.class
        ? "PATH"
        : type == double.class || type == Double.class
            ? "NUMBER"
            : type == String.class || component.getType().isEnum() ? "WORD" : "N";
  }

  /** The type of a component's value, where there is one. */
  private static Type bare(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType optional
        ? optional.getActualTypeArguments()[0]
        : component.getType() == OptionalLong.class ? long.class : component.getType();
  }

  private static String word(Object value) {
    return value instanceof Enum<?> constant
        ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : value.toString();
  }

  private Object value(RecordComponent component) {
    try {
      return component.getAccessor().invoke(defaults);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /**
   * The record with what stands on a command line.
   *
   * @throws org.vnca.cli.frame.UsageException if a value is of the wrong type or breaks a rule
   */
  Record read(Words words) {
    Object[] values =
        Arrays.stream(components)
            .map(
                component ->
                    words.has(name(component)) ? given(component, words) : value(component))
            .toArray();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return defaults.getClass().getConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw refused(words, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(defaults.getClass() + " cannot be made", e);
    }
  }

  private RuntimeException refused(Words words, Throwable thrown) {
    if (thrown instanceof InvalidOption) {
      return words.fault(thrown.getMessage());
    }
    if (thrown instanceof InvalidSetting) {
      return words.fault("--" + thrown.getMessage());
    }
    if (thrown instanceof RuntimeException fault && thrown instanceof ForPeople) {
      return fault;
    }
    return words.fault(
        "%s refuses its options: %s"
            .formatted(
                defaults.getClass().getName(),
                thrown instanceof IllegalArgumentException && thrown.getMessage() != null
                    ? thrown.getMessage()
                    : thrown));
  }

  private static Object given(RecordComponent component, Words words) {
    String option = name(component);
    if (component.getType() == boolean.class) {
      return true;
    }
    Object value = given(option, bare(component), words);
    if (component.getType() == OptionalLong.class) {
      return OptionalLong.of((Long) value);
    }
    return component.getType() == Optional.class ? Optional.of(value) : value;
  }

  private static Object given(String option, Type type, Words words) {
    if (type == String.class) {
      return words.text(option).orElseThrow();
    }
    if (type == Path.class) {
      return words.pathOf(option).orElseThrow();
    }
    if (type == int.class || type == Integer.class) {
      return words.whole(option, Integer.MIN_VALUE).orElseThrow();
    }
    if (type == long.class || type == Long.class) {
      return words.seed(option).orElseThrow();
    }
    if (type == double.class || type == Double.class) {
      return words.number(option).orElseThrow();
    }
    if (type instanceof Class<?> kind && kind.isEnum()) {
      List<String> names = Arrays.stream(kind.getEnumConstants()).map(ImportOptions::word).toList();
      return kind.getEnumConstants()[names.indexOf(words.choice(option, names).orElseThrow())];
    }
    throw new IllegalStateException("no option can be of type " + type);
  }
}
