package org.vnca.graph.description;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer, a mask or a likelihood in names and numbers. Whoever computes it elsewhere knows the
 * kinds and what they mean; parameters are told by the names that they have in checkpoints.
 *
 * @param kind such as {@code convolution}
 * @param settings by their names, in order: numbers, truth values, texts, and lists of them
 * @param parts what it is made of, each applied as the kind says
 */
public record Description(String kind, Map<String, Object> settings, List<Description> parts) {
  private static final String KIND = "kind";
  private static final String PARTS = "parts";

  public Description {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    parts = List.copyOf(parts);
  }

  /** A kind that needs no more words. */
  public static Description of(String kind) {
    return new Description(kind, Map.of(), List.of());
  }

  /** A kind that is made of others. */
  public static Description of(String kind, List<Description> parts) {
    return new Description(kind, Map.of(), parts);
  }

  /** The same with another setting, behind those that are there. */
  public Description with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(settings);
    more.put(name, value);
    return new Description(kind, more, parts);
  }

  /** The kind, the settings, and the parts where there are any: maps, lists and plain values. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(KIND, kind);
    fields.putAll(settings);
    if (!parts.isEmpty()) {
      fields.put(PARTS, parts.stream().map(Description::fields).toList());
    }
    return fields;
  }
}
