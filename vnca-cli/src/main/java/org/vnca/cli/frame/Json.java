package org.vnca.cli.frame;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Writes answers as JSON: public records by their components, whatever module they come from. Empty
 * optionals and numbers that are not finite become null, enums lower case, paths text.
 */
public final class Json {
  /** Loaded only when something is written: Jackson takes as long to load as all of help. */
  private static final class Writer {
    // Escapes spare a reader the question which encoding a terminal has.
    static final ObjectMapper MAPPER =
        JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  }

  private Json() {}

  /** One line, all of it ASCII. */
  public static String write(Object object) {
    try {
      return Writer.MAPPER.writeValueAsString(plain(object));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer of plain values can be written", e);
    }
  }

  /** The same as maps, lists, strings, numbers and booleans. */
  public static Object plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return plain(optional.orElse(null));
    } else if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? plain(optional.getAsDouble()) : null;
    } else if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? optional.getAsLong() : null;
    } else if (value instanceof Double number) {
      return Double.isFinite(number) ? number : null;
    } else if (value instanceof Record record) {
      return fields(record);
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(key.toString(), plain(item)));
      return copy;
    } else if (value instanceof Collection<?> items) {
      return items.stream().map(Json::plain).toList();
    } else if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    return value.toString();
  }

  /** A record's components by their names, to be changed or added to. */
  public static Map<String, Object> fields(Record record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        fields.put(component.getName(), plain(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(record.getClass() + " must be public to be written", e);
      }
    }
    return fields;
  }
}
