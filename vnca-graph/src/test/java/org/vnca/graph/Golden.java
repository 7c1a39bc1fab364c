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
import java.util.List;

/** Reads a file of golden vectors (resources, golden/README.md). */
public final class Golden implements AutoCloseable {
  private final Path copy;
  private final HdfFile file;

  /** Opens a file such as {@code 05_nca}. */
  public Golden(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("golden/" + name + ".h5")) {
      copy = Files.createTempFile("golden", ".h5");
      Files.write(copy, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file = new HdfFile(copy);
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
    for (Node node : ((Group) file.getByPath(path)).getChildren().values()) {
      names.add(node.getName());
    }
    return names;
  }

  /** A whole-number attribute of a group. */
  public int size(String group, String attribute) {
    return ((int[]) file.getByPath(group).getAttribute(attribute).getData())[0];
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
