package org.vnca.train.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vnca.graph.spec.InvalidSetting;

/** Holds the tables of {@code docs/descriptor.md} against the records of the settings. */
final class DescriptorPageTest {
  private static final Path PAGE = Path.of("..", "docs", "descriptor.md");
  private static final String ALL = "Keys";
  private static final Pattern HEADING = Pattern.compile("##+ `?([^`]+?)`?");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9.-]+)` \\| `?(.*?)`? \\| (.*) \\|");

  @Test
  void tables_haveEveryKeyWithItsDefault() throws IOException {
    assertThat(written()).isEqualTo(expected());
  }

  @Test
  void rows_sayWhatTheKeyMeans() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> ROW.matcher(line).matches()).toList();
    assertThat(rows).hasSizeGreaterThan(40);
    for (String row : rows) {
      Matcher matcher = ROW.matcher(row);
      assertThat(matcher.matches()).isTrue();
      assertThat(matcher.group(3).strip()).as(row).hasSizeGreaterThan(3);
    }
  }

  /** Heading by heading, the keys of the page and what it says of their defaults. */
  private static Map<String, Map<String, String>> written() throws IOException {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    String heading = "";
    for (String line : Files.readAllLines(PAGE)) {
      Matcher title = HEADING.matcher(line);
      if (title.matches()) {
        heading = title.group(1);
      }
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String before =
            tables
                .computeIfAbsent(heading, h -> new LinkedHashMap<>())
                .put(row.group(1), row.group(2));
        assertThat(before).as("%s stands twice under %s", row.group(1), heading).isNull();
      }
    }
    return tables;
  }

  private static Map<String, Map<String, String>> expected() {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    tables.put(ALL, table("", Experiment.PAPER));
    addKinds("", Experiment.class, tables);
    return tables;
  }

  /** A table for each type of each group that has types. */
  private static void addKinds(
      String prefix, Class<?> type, Map<String, Map<String, String>> tables) {
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> group = component.getType();
      String path = prefix + InvalidSetting.kebab(component.getName());
      if (group.isRecord()) {
        addKinds(path + ".", group, tables);
      } else if (Schema.isGroup(group)) {
        Schema.kinds(group)
            .forEach(
                (name, kind) -> {
                  Map<String, String> table = table(path + ".", kind);
                  boolean first = name.equals(tables.get(ALL).get(path + "." + Schema.TYPE));
                  if (!table.isEmpty() && !first) {
                    tables.putIfAbsent(path + "." + Schema.TYPE + ": " + name, table);
                  }
                  addKinds(path + ".", kind.getClass(), tables);
                });
      }
    }
  }

  private static Map<String, String> table(String prefix, Record settings) {
    Map<String, String> table = new LinkedHashMap<>();
    flatten(prefix, Section.of(settings).toMap(), table);
    return table;
  }

  private static void flatten(String prefix, Map<?, ?> nested, Map<String, String> flat) {
    nested.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + key + ".", inner, flat);
          } else {
            flat.put(prefix + key, String.valueOf(value));
          }
        });
  }
}
