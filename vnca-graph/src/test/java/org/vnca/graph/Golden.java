package org.vnca.graph;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;

/**
 * Reads a file of golden vectors (resources, golden/README.md). Tests take all sizes and the names
 * of the cases from it, so that {@code -Dvnca.golden=FOLDER} can put other vectors in its place.
 */
public final class Golden implements AutoCloseable {
  private final Path copy;
  private final HdfFile file;

  /** Opens a file such as {@code 05_nca}. */
  public Golden(String name) {
    try (InputStream in = open(name)) {
      copy = Files.createTempFile("golden", ".h5");
      Files.write(copy, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file = new HdfFile(copy);
  }

  private static InputStream open(String name) throws IOException {
    String folder = System.getProperty("vnca.golden", "");
    return folder.isEmpty() || !Files.exists(Path.of(folder, name + ".h5"))
        ? Golden.class.getResourceAsStream("golden/" + name + ".h5")
        : Files.newInputStream(Path.of(folder, name + ".h5"));
  }

  /**
   * The cases of a file that have all of the given members.
   *
   * @param members paths inside a case, such as {@code expected/kl}
   * @return at least one
   */
  public static List<String> cases(String name, String... members) {
    try (Golden golden = new Golden(name)) {
      List<String> found =
          golden.children("/").stream()
              .filter(each -> Arrays.stream(members).allMatch(member -> golden.has(each, member)))
              .toList();
      if (found.isEmpty()) {
        throw new IllegalStateException(name + " has no case with " + List.of(members));
      }
      return found;
    }
  }

  /** Whether a group has a member with this path. */
  public boolean has(String group, String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    Node at = file.getByPath(group);
    for (String step : path.split("/", -1)) {
      if (!(at instanceof Group parent) || parent.getChild(step) == null) {
        return false;
      }
      at = parent.getChild(step);
    }
    return at.getName().equals(last);
  }

  /** The numbers behind a prefix in the names of a group's children, ascending, at least one. */
  public int[] numbers(String group, String prefix) {
    return numbers(group, prefix, "");
  }

  /** The numbers between a prefix and an ending, ascending, at least one. */
  public int[] numbers(String group, String prefix, String ending) {
    Pattern pattern = Pattern.compile(Pattern.quote(prefix) + "(\\d+)" + Pattern.quote(ending));
    int[] numbers =
        children(group).stream()
            .map(pattern::matcher)
            .filter(Matcher::matches)
            .mapToInt(match -> Integer.parseInt(match.group(1)))
            .sorted()
            .toArray();
    if (numbers.length == 0) {
      throw new IllegalStateException(group + " has no " + prefix + "<number>" + ending);
    }
    return numbers;
  }

  /** A dataset as it is stored. */
  public Values get(String path) {
    Dataset dataset = file.getDatasetByPath(path);
    double[] flat = new double[Math.toIntExact(dataset.getSize())];
    int filled = flatten(dataset.getData(), flat, 0);
    if (filled != flat.length) {
      throw new IllegalStateException(path + " has " + filled + " values");
    }
    return new Values(path, dataset.getDimensions(), flat);
  }

  /** Paths of the children of a group. */
  public List<String> children(String path) {
    List<String> names = new ArrayList<>();
    Group group = path.equals("/") ? file : (Group) file.getByPath(path);
    for (Node node : group.getChildren().values()) {
      names.add(node.getName());
    }
    return names;
  }

  /** A text attribute of a group. */
  public String text(String group, String attribute) {
    return file.getByPath(group).getAttribute(attribute).getData().toString();
  }

  /** A whole-number attribute of a group. */
  public int size(String group, String attribute) {
    return (int) number(group, attribute);
  }

  /** A list of whole numbers that is an attribute of a group. */
  public int[] sizes(String group, String attribute) {
    Object data = file.getByPath(group).getAttribute(attribute).getData();
    int[] sizes = new int[Array.getLength(data)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = ((Number) Array.get(data, i)).intValue();
    }
    return sizes;
  }

  /** A numeric attribute of a group. */
  public double number(String group, String attribute) {
    Object data = file.getByPath(group).getAttribute(attribute).getData();
    return ((Number) Array.get(data, 0)).doubleValue();
  }

  /** Whether a group has an attribute. */
  public boolean says(String group, String attribute) {
    return file.getByPath(group).getAttribute(attribute) != null;
  }

  /** How the encoder's second half is read; cases that do not say so have log-variances. */
  public Posterior posterior(String group) {
    return says(group, "convention") && text(group, "convention").equals("logsigma")
        ? Posterior.LOG_SIGMA
        : Posterior.LOG_VARIANCE;
  }

  /** How many residual blocks the update net of a case has; 0 for the simple one. */
  public int blocks(String name) {
    return (int)
        children(name + "/weights").stream()
            .filter(weight -> weight.matches("nca\\.res\\d+\\.a\\.weight"))
            .count();
  }

  /** The update net of a case, by its weights. */
  public UpdateSpec update(String name) {
    int hidden = get(name + "/weights/nca.perceive.weight").shape()[0];
    int blocks = blocks(name);
    return blocks > 0 ? UpdateSpec.Residual.of(hidden, blocks) : new UpdateSpec.Simple(hidden);
  }

  private static int flatten(Object data, double[] target, int at) {
    int next = at;
    for (int i = 0; i < Array.getLength(data); i++) {
      Object element = Array.get(data, i);
      if (element instanceof Number number) {
        target[next++] = number.doubleValue();
      } else {
        next = flatten(element, target, next);
      }
    }
    return next;
  }

  @Override
  public void close() {
    file.close();
    copy.toFile().delete();
  }
}
