package org.vnca.data.imports;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vnca.data.hdf5.Hdf5Array;
import org.vnca.data.hdf5.Hdf5BrokenLink;
import org.vnca.data.hdf5.Hdf5File;
import org.vnca.data.hdf5.Hdf5Group;
import org.vnca.data.hdf5.Hdf5Node;
import org.vnca.data.hdf5.Hdf5Other;

/**
 * What lies in a file: every array once for each path, each group entered once only, so that links
 * that go round in circles end.
 *
 * @param arrays by path, without a leading slash
 * @param passedOver broken links and objects that cannot be read, each with the reason
 */
record Hdf5Contents(Map<String, Hdf5Array> arrays, List<String> passedOver) {
  /** A file of one array an image has more; no person would read a list of them. */
  private static final int MOST = 5_000;

  private static final int NAMED = 5;

  /** Looks through a file. */
  static Hdf5Contents of(Hdf5File file) {
    Map<String, Hdf5Array> arrays = new LinkedHashMap<>();
    List<String> passedOver = new ArrayList<>();
    Set<Object> entered = new HashSet<>();
    Deque<Hdf5Group> groups = new ArrayDeque<>(List.of(file.root()));
    while (!groups.isEmpty() && arrays.size() + passedOver.size() < MOST) {
      Hdf5Group group = groups.poll();
      if (!entered.add(group.identity())) {
        continue;
      }
      for (String name : group.names().stream().limit(MOST).toList()) {
        Hdf5Node node = group.child(name).orElse(null);
        if (node instanceof Hdf5Group child) {
          groups.add(child);
        } else if (node instanceof Hdf5Array array) {
          arrays.put(plain(array.path()), array);
        } else if (node instanceof Hdf5BrokenLink link) {
          passedOver.add("%s (%s)".formatted(PictureName.shown(link.path()), link.why()));
        } else if (node instanceof Hdf5Other other) {
          passedOver.add("%s (%s)".formatted(PictureName.shown(other.path()), other.what()));
        }
      }
    }
    return new Hdf5Contents(arrays, passedOver);
  }

  private static String plain(String path) {
    return path.replaceFirst("^/+", "");
  }

  /** An array with its shape and type, for messages. */
  static String described(String path, Hdf5Array array) {
    return "%s (%s %s)"
        .formatted(PictureName.shown(path), Arrays.toString(array.shape()), array.type());
  }

  /** The first few of some things, and how many more there are. */
  static String some(List<String> things) {
    String first = things.stream().limit(NAMED).collect(Collectors.joining(", "));
    return things.size() > NAMED
        ? "%s and %,d more".formatted(first, things.size() - NAMED)
        : first;
  }
}
