package org.vnca.train.experiment;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Reads descriptors. Values come from, in this order, each over the ones before: the records'
 * defaults, the files that a descriptor extends, the descriptor itself, the overrides.
 */
public final class ExperimentReader {
  static final String EXTENDS = "extends";

  private ExperimentReader() {}

  /** As {@link #read(Path, List)}, without overrides. */
  public static Experiment read(Path file) {
    return read(file, List.of());
  }

  /**
   * Reads a descriptor.
   *
   * @param file YAML; {@code extends: other.yaml} in it is relative to it; an empty file is the
   *     paper's experiment
   * @param overrides {@code KEY=VALUE}, the key dotted, the value YAML such as {@code 3} or {@code
   *     [a, b]}; the last one of a key counts
   * @throws ExperimentException if a file cannot be read, a key is unknown or twice in a file, or a
   *     value is of the wrong type or breaks a rule; the message names the file and line, or the
   *     override
   */
  public static Experiment read(Path file, List<String> overrides) {
    return (Experiment) section(file, overrides).build(new Origin(0, 0, file.toString()));
  }

  /**
   * A fault of a descriptor that shows only later, such as a dataset that is not there.
   *
   * @param file the descriptor
   * @param overrides as they were given to {@link #read(Path, List)}
   * @param setting path of the component at fault, such as {@code data.padTo}
   * @param fault what is wrong
   * @return to be thrown; it names where the setting was given, or the file if it was not
   */
  public static ExperimentException fault(
      Path file, List<String> overrides, String setting, String fault) {
    return section(file, overrides)
        .originOf(setting)
        .orElse(new Origin(0, 0, file.toString()))
        .fault(fault);
  }

  private static Section section(Path file, List<String> overrides) {
    Section section = section(layers(file));
    section.apply(overrides(overrides));
    return section;
  }

  /** What the layers say over the records' defaults. */
  static Section section(Collection<Given.Group> layers) {
    Section section = Section.of(Experiment.PAPER);
    layers.forEach(section::apply);
    return section;
  }

  /** A descriptor as layers: what it extends at last first, itself last. */
  static Collection<Given.Group> layers(Path file) {
    Deque<Given.Group> layers = new ArrayDeque<>();
    addLayers(file, null, new LinkedHashSet<>(), layers);
    return layers;
  }

  /**
   * Puts a file, then what it extends, in front of the layers.
   *
   * @param reference the key that names the file, null for the first one
   */
  private static void addLayers(
      Path file, Origin reference, Set<Path> seen, Deque<Given.Group> layers) {
    if (!seen.add(file.normalize())) {
      throw reference.fault(
          "extends leads in a circle: "
              + seen.stream().map(Path::toString).collect(Collectors.joining(" -> "))
              + " -> "
              + file.normalize());
    }
    String text = text(file, reference);
    int layer = Integer.MAX_VALUE - 1 - layers.size();
    Given.Lines where = line -> Origin.ofLine(layer, file, line + 1);
    Given.Group given = group(compose(text, where), where);
    Given base = given.members().remove(EXTENDS);
    layers.addFirst(given);
    if (base != null) {
      addLayers(base(file, base), base.origin(), seen, layers);
    }
  }

  static String text(Path file, Origin reference) {
    String what = reference == null ? "" : "extends " + file + ", but it ";
    String where = reference == null ? file.toString() : reference.where();
    if (!Files.exists(file)) {
      throw new ExperimentException(
          where, reference == null ? "there is no such file" : what + "does not exist");
    }
    if (!Files.isRegularFile(file)) {
      throw new ExperimentException(where, what + "is not a file");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ExperimentException(where, what + "is not text in UTF-8");
    } catch (IOException e) {
      throw new ExperimentException(where, what + "cannot be read: " + e);
    }
  }

  private static Path base(Path file, Given base) {
    if (!(base instanceof Given.Value value
        && value.node() instanceof ScalarNode scalar
        && !scalar.getValue().isBlank())) {
      throw base.origin().fault("extends must name one file");
    }
    try {
      return file.resolveSibling(scalar.getValue());
    } catch (InvalidPathException e) {
      throw base.origin().fault("extends must name one file, but is " + scalar.getValue());
    }
  }

  /** The root node of a document, null if it is empty. */
  static Node compose(String text, Given.Lines where) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    try {
      return new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
      throw where.at(line).fault("not valid YAML: " + oneLine(e.getProblem()));
    } catch (YAMLException e) {
      throw where.at(0).fault("not valid YAML: " + oneLine(e.getMessage()));
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  static Given.Group group(Node root, Given.Lines where) {
    if (root == null || Values.isEmpty(root)) {
      return new Given.Group(new LinkedHashMap<>(), where.at(0));
    }
    if (Given.of(root, where, root.getStartMark().getLine()) instanceof Given.Group group) {
      return group;
    }
    throw where.at(root.getStartMark().getLine()).fault("a descriptor must be a group of keys");
  }

  /** All overrides as one layer, so that a type among them is taken before its keys. */
  private static Given.Group overrides(List<String> overrides) {
    Given.Group all = new Given.Group(new LinkedHashMap<>(), Origin.ofOverride(0, ""));
    for (int place = 0; place < overrides.size(); place++) {
      String override = overrides.get(place);
      Origin origin = Origin.ofOverride(place, override);
      int equals = override.indexOf('=');
      if (equals < 1) {
        throw origin.fault("must be KEY=VALUE, such as train.batch=32");
      }
      Node node = compose(override.substring(equals + 1), line -> origin);
      if (node == null || Values.isEmpty(node)) {
        throw origin.fault("has no value");
      }
      String[] path = override.substring(0, equals).strip().split("\\.", -1);
      if (path[0].equals(EXTENDS)) {
        throw origin.fault("extends belongs in a file");
      }
      all.put(path, 0, Given.of(node, line -> origin, 0));
    }
    return all;
  }
}
