package org.vnca.train.experiment;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnca.graph.spec.InvalidSetting;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A record of settings while it is being read: every key with its value and, where a descriptor or
 * an override gave it, its origin. Starts from a record, takes one layer after another, and becomes
 * a record again; so values are checked once, when all layers are known.
 */
final class Section {
  private static final class Leaf {
    final RecordComponent component;
    Object value;
    Origin origin;

    Leaf(RecordComponent component, Object value) {
      this.component = component;
      this.value = value;
    }
  }

  private final Section parent;
  private final String path;
  private final Class<?> declared;
  private final Map<String, Leaf> leaves = new LinkedHashMap<>();
  private final Map<String, Section> sections = new LinkedHashMap<>();

  /** Keys that a type before had too, but as another kind of value, with where they were given. */
  private final Map<String, Origin> unfit = new LinkedHashMap<>();

  /** What was given to keys that only a type before had: it may be chosen again. */
  private final Map<String, Leaf> dormant = new LinkedHashMap<>();

  private Class<?> type;
  private Origin typeOrigin;

  private Section(Section parent, String path, Class<?> declared, Record settings) {
    this.parent = parent;
    this.path = path;
    this.declared = declared;
    fill(settings);
  }

  static Section of(Record settings) {
    return new Section(null, "", settings.getClass(), settings);
  }

  private void fill(Record settings) {
    type = settings.getClass();
    leaves.clear();
    sections.clear();
    unfit.clear();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = InvalidSetting.kebab(component.getName());
      Object value = Schema.component(settings, component);
      if (Schema.isGroup(component.getType())) {
        sections.put(key, new Section(this, pathOf(key), component.getType(), (Record) value));
      } else {
        leaves.put(key, new Leaf(component, value));
      }
    }
  }

  /**
   * Takes over what is given. A {@code type} is taken first: where it is another than before, the
   * other keys of the group start from that type's defaults, save those that both types have and
   * that were given before.
   *
   * @throws ExperimentException if a key is unknown or a value is of the wrong type
   */
  void apply(Given.Group group) {
    Given chosen = group.members().get(Schema.TYPE);
    if (Schema.hasKinds(declared) && chosen != null) {
      applyType(chosen);
    }
    group.members().forEach(this::applyMember);
  }

  private void applyType(Given given) {
    Map<String, Record> kinds = Schema.kinds(declared);
    String name =
        given instanceof Given.Value value && value.node() instanceof ScalarNode scalar
            ? Values.word(scalar)
            : "";
    Record chosen = kinds.get(name);
    if (chosen == null) {
      throw given
          .origin()
          .fault(
              pathOf(Schema.TYPE)
                  + (" must be one of " + String.join(", ", kinds.keySet()))
                  + (", but is " + (name.isBlank() ? "empty" : Values.brief(name, 60)))
                  + meant(Nearest.to(name, kinds.keySet())));
    }
    typeOrigin = given.origin();
    become(chosen);
  }

  /**
   * Takes another type: its defaults, and over them what was given so far to keys that both have.
   */
  private void become(Record chosen) {
    if (chosen.getClass() == type) {
      return;
    }
    Map<String, Leaf> oldLeaves = given();
    Map<String, Section> oldSections = new LinkedHashMap<>(sections);
    fill(chosen);
    keep(oldLeaves, oldSections);
  }

  /** What was given so far to keys of this type, and of those before. */
  private Map<String, Leaf> given() {
    Map<String, Leaf> given = new LinkedHashMap<>(dormant);
    given.putAll(leaves);
    given.values().removeIf(leaf -> leaf.origin == null);
    return given;
  }

  private void keep(Map<String, Leaf> oldLeaves, Map<String, Section> oldSections) {
    oldLeaves.forEach(
        (key, old) -> {
          Leaf leaf = leaves.get(key);
          if (leaf != null
              && leaf.component.getGenericType().equals(old.component.getGenericType())) {
            leaf.value = old.value;
            leaf.origin = old.origin;
          } else if (leaf != null || sections.containsKey(key)) {
            unfit.put(key, old.origin);
          } else {
            dormant.put(key, old);
          }
        });
    oldSections.forEach(
        (key, old) -> {
          Section section = sections.get(key);
          Optional<Origin> given = old.latest();
          if (given.isEmpty()) {
            return;
          }
          if (section != null && section.declared == old.declared) {
            if (old.typeOrigin != null) {
              section.typeOrigin = old.typeOrigin;
              section.become(Schema.kinds(old.declared).get(Schema.typeOf(old.declared, old.type)));
            }
            section.keep(old.given(), old.sections);
          } else if (section != null || leaves.containsKey(key)) {
            unfit.put(key, given.get());
          }
        });
  }

  private void applyMember(String key, Given given) {
    unfit.remove(key);
    if (sections.containsKey(key)) {
      applySection(sections.get(key), given);
    } else if (leaves.containsKey(key)) {
      applyLeaf(key, leaves.get(key), given);
    } else if (!(key.equals(Schema.TYPE) && Schema.hasKinds(declared))) {
      throw given.origin().fault(unknown(key));
    }
  }

  private static void applySection(Section section, Given given) {
    if (given instanceof Given.Group group) {
      section.apply(group);
    } else if (given instanceof Given.Value value && !Values.isEmpty(value.node())) {
      throw given
          .origin()
          .fault(
              section.path
                  + " is a group of keys and takes no value; "
                  + (Typed.isBroken(value.node())
                      ? "a group is written like {key: value, key: value}, but is "
                          + Values.describe(value.node())
                      : "its keys are " + String.join(", ", section.keys())));
    }
  }

  private void applyLeaf(String key, Leaf leaf, Given given) {
    try {
      if (given.typed().isPresent() && leaf.component.getType() == String.class) {
        leaf.value = given.typed().get();
      } else if (given instanceof Given.Value value) {
        leaf.value = Values.read(leaf.component.getGenericType(), value.node());
      } else {
        throw given.origin().fault(pathOf(key) + " takes a value and has no keys of its own");
      }
      leaf.origin = given.origin();
    } catch (Values.Misfit e) {
      throw given.origin().fault(pathOf(key) + " " + e.getMessage());
    }
  }

  private String unknown(String key) {
    String withType =
        Schema.hasKinds(declared)
            ? " with " + Schema.TYPE + " " + Schema.typeOf(declared, type)
            : "";
    Optional<String> near =
        Nearest.to(key, keys()).map(this::pathOf).or(() -> root().pathEndingWith(key));
    return "no such key "
        + Values.brief(pathOf(key), 200)
        + withType
        + (near.isPresent() ? meant(near) : "; the keys here are " + String.join(", ", keys()));
  }

  private static String meant(Optional<String> near) {
    return near.map(name -> "; did you mean " + name + "?").orElse("");
  }

  private Optional<String> pathEndingWith(String key) {
    Stream<String> here = keys().stream().filter(key::equals).map(this::pathOf);
    Stream<String> below =
        sections.values().stream().flatMap(section -> section.pathEndingWith(key).stream());
    return Stream.concat(here, below).findFirst();
  }

  private Section root() {
    return parent == null ? this : parent.root();
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    if (Schema.hasKinds(declared)) {
      keys.add(Schema.TYPE);
    }
    for (RecordComponent component : type.getRecordComponents()) {
      keys.add(InvalidSetting.kebab(component.getName()));
    }
    return keys;
  }

  /**
   * The record that all layers make together.
   *
   * @param fallback where to point if a rule is broken by defaults alone
   * @throws ExperimentException if a rule is broken
   */
  Record build(Origin fallback) {
    unfit.forEach(
        (key, origin) -> {
          throw origin.fault(
              pathOf(key)
                  + " means something else with "
                  + (pathOf(Schema.TYPE) + " " + Schema.typeOf(declared, type))
                  + ", which was chosen later; give "
                  + pathOf(key)
                  + " beside that type, too");
        });
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = InvalidSetting.kebab(components[i].getName());
      values[i] =
          sections.containsKey(key) ? sections.get(key).build(fallback) : leaves.get(key).value;
    }
    try {
      return Schema.create(type, values);
    } catch (InvalidSetting broken) {
      throw origin(broken).orElse(fallback).fault(pathOf(broken.getMessage()));
    } catch (Schema.Refusal refusal) {
      throw latest().orElse(fallback).fault(path + ": " + refusal.getMessage());
    }
  }

  /** Where the last was given of the settings that the broken rule speaks of. */
  private Optional<Origin> origin(InvalidSetting broken) {
    return Stream.concat(Stream.of(broken.setting()), broken.involved().stream())
        .flatMap(setting -> originOf(setting).stream())
        .max(Origin::compareTo);
  }

  /** The latest origin of a component, written as {@link InvalidSetting#setting()} does. */
  Optional<Origin> originOf(String setting) {
    int dot = setting.indexOf('.');
    String key = InvalidSetting.kebab(dot < 0 ? setting : setting.substring(0, dot));
    if (key.equals(Schema.TYPE)) {
      return Optional.ofNullable(typeOrigin);
    }
    if (leaves.containsKey(key)) {
      return Optional.ofNullable(leaves.get(key).origin);
    }
    Section section = sections.get(key);
    if (section == null) {
      return Optional.empty();
    }
    return dot < 0 ? section.latest() : section.originOf(setting.substring(dot + 1));
  }

  private Optional<Origin> latest() {
    Stream<Origin> here =
        Stream.concat(Stream.ofNullable(typeOrigin), leaves.values().stream().map(l -> l.origin));
    Stream<Origin> below = sections.values().stream().flatMap(section -> section.latest().stream());
    return Stream.concat(here.filter(Objects::nonNull), below).max(Origin::compareTo);
  }

  /** Every key with its value, groups as maps, in the order of the records' components. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    if (Schema.hasKinds(declared)) {
      map.put(Schema.TYPE, Schema.typeOf(declared, type));
    }
    for (RecordComponent component : type.getRecordComponents()) {
      String key = InvalidSetting.kebab(component.getName());
      Section section = sections.get(key);
      Object value = section == null ? leaves.get(key).value : section.toMap();
      map.put(key, value instanceof Enum<?> constant ? Values.name(constant) : value);
    }
    return map;
  }
}
