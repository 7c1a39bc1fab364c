package org.vnca.train.experiment;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vnca.base.hash.Sha256;

/**
 * Names for the points of a grid, such as {@code learning-rate=0.001,seed=2}: short enough to read,
 * fit for a directory, and different for different values. A name depends on the grid's keys and
 * the point's own values only; not on the order of the keys, how a number is written, or which
 * other values there are.
 */
final class PointNames {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._+-]*");
  private static final int LONGEST_VALUE = 40;
  private static final int LONGEST_NAME = 200;

  private final Map<String, String> shorts = new LinkedHashMap<>();

  /** Names by a grid's dotted keys. */
  PointNames(Collection<String> keys) {
    keys.forEach(key -> shorts.put(key, shortened(key, keys)));
  }

  /** The fewest last parts of a key with which no other key of the grid ends. */
  private static String shortened(String key, Collection<String> keys) {
    for (int dot = key.lastIndexOf('.'); dot >= 0; dot = key.lastIndexOf('.', dot - 1)) {
      String end = key.substring(dot + 1);
      boolean taken =
          keys.stream()
              .anyMatch(
                  other -> !other.equals(key) && (other.equals(end) || other.endsWith("." + end)));
      if (!taken) {
        return end;
      }
    }
    return key;
  }

  /**
   * The name of a point.
   *
   * @param values what the grid gives it, by dotted key, in the order of the name; a key may lie
   *     below one of the grid's keys
   */
  String name(Map<String, Object> values) {
    String name =
        values.entrySet().stream()
            .map(value -> shortOf(value.getKey()) + "=" + text(value.getValue()))
            .collect(Collectors.joining(","));
    return name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, LONGEST_NAME) + "~" + digest(name);
  }

  private String shortOf(String key) {
    Optional<String> own = Optional.ofNullable(shorts.get(key));
    return own.orElseGet(
        () ->
            shorts.entrySet().stream()
                .filter(entry -> key.startsWith(entry.getKey() + "."))
                .map(entry -> entry.getValue() + key.substring(entry.getKey().length()))
                .findFirst()
                .orElse(key));
  }

  /** A value in letters that a directory's name can have; a digest tells those changed apart. */
  private static String text(Object value) {
    String full = written(value);
    if (PLAIN.matcher(full).matches() && full.length() <= LONGEST_VALUE) {
      return full;
    }
    String plain = full.replaceAll("[^A-Za-z0-9._+-]+", "-");
    return plain.substring(0, Math.min(plain.length(), LONGEST_VALUE)) + "~" + digest(full);
  }

  private static String written(Object value) {
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof List<?> members) {
      return members.stream().map(Object::toString).collect(Collectors.joining("+"));
    }
    return value.toString();
  }

  /** The shortest text of a number, without an exponent unless it is far from 1. */
  private static String number(double value) {
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    boolean near = Math.abs(exact.precision() - exact.scale()) <= 7;
    return near || exact.signum() == 0
        ? exact.toPlainString()
        : exact.toString().replace("E+", "e").replace('E', 'e');
  }

  private static String digest(String text) {
    return Sha256.of(text).substring(0, 8);
  }
}
