package org.vnca.train.experiment;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.vnca.base.hash.Checksum;
import org.vnca.base.kind.Kinds;

/** The settings of experiments as flat tables of dotted keys, for comparing runs. */
public final class Settings {
  private Settings() {}

  /**
   * Every setting by its dotted key, such as {@code train.clip-norm}, in a stable order. A value is
   * a {@code String} (also for enums and types), {@code Integer}, {@code Long}, {@code Double} or a
   * {@code List<String>}.
   */
  public static Map<String, Object> flatten(Experiment experiment) {
    LinkedHashMap<String, Object> flat = new LinkedHashMap<>();
    flatten("", Section.of(experiment).toMap(), flat);
    return flat;
  }

  /**
   * A text that is the same for two programs if they have the same keys, of every type, with the
   * same defaults: then they make the same table of a descriptor.
   */
  public static String fingerprint() {
    return Fingerprint.VALUE;
  }

  /** Made once, when it is asked for. */
  private static final class Fingerprint {
    static final String VALUE =
        Checksum.of(Schema.describe(Experiment.PAPER).getBytes(StandardCharsets.UTF_8));
  }

  /** The kinds that an experiment has from jars outside the project. */
  public static List<Kinds.Outside> outside(Experiment experiment) {
    return Schema.outside(experiment);
  }

  /** The kinds that jars bring, whether an experiment has them or not. */
  public static List<Kinds.Outside> outside() {
    return Schema.outside();
  }

  private static void flatten(String prefix, Map<?, ?> nested, Map<String, Object> flat) {
    nested.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + key + ".", inner, flat);
          } else {
            flat.put(prefix + key, value);
          }
        });
  }

  /**
   * The keys whose values are not the same in all tables, in the order of their first appearance. A
   * key that one table has and another lacks differs.
   *
   * @param tables results of {@link #flatten}
   */
  public static List<String> differing(Collection<? extends Map<String, ?>> tables) {
    Set<String> keys = new LinkedHashSet<>();
    tables.forEach(table -> keys.addAll(table.keySet()));
    List<String> differing = new ArrayList<>();
    for (String key : keys) {
      Object first = tables.iterator().next().get(key);
      if (tables.stream().anyMatch(table -> !Objects.equals(first, table.get(key)))) {
        differing.add(key);
      }
    }
    return differing;
  }
}
