package org.vnca.data.imports;

import java.util.ArrayDeque;
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
 * What lies in a file: every array once for each path that leads to it, each group entered once
 * only, so that links that go round in circles end.
 *
 * @param arrays by path, without a leading slash
 * @param odd broken links and objects that cannot be read, by path, each with the reason
 * @param whole whether that is all; a file of one array an image has too many
 */
record Hdf5Contents(Map<String, Hdf5Array> arrays, Map<String, String> odd, boolean whole) {
  /** No person would read a list of more. */
  static final int MOST = 5_000;

  private static final int NAMED = 5;

  /**
   * A group, and how it was reached; a link's name counts, not where it leads.
   *
   * @param path with a slash behind it; empty for the root
   */
  private record Place(String path, Hdf5Group group) {}

  /** Looks through a file. */
  static Hdf5Contents of(Hdf5File file) {
    Map<String, Hdf5Array> arrays = new LinkedHashMap<>();
    Map<String, String> odd = new LinkedHashMap<>();
    boolean whole = true;
    Set<Object> entered = new HashSet<>();
    Deque<Place> groups = new ArrayDeque<>(List.of(new Place("", file.root())));
    while (!groups.isEmpty() && whole) {
      Place place = groups.poll();
      Hdf5Group group = place.group();
      if (!entered.add(group.identity())) {
        continue;
      }
      for (String name : group.names()) {
        if (arrays.size() + odd.size() + groups.size() >= MOST) {
          whole = false;
          break;
        }
        String path = place.path() + name;
        Hdf5Node node = group.child(name).orElse(null);
        if (node instanceof Hdf5Group child) {
          groups.add(new Place(path + "/", child));
        } else if (node instanceof Hdf5Array array) {
          arrays.put(path, array);
        } else if (node instanceof Hdf5BrokenLink link) {
          odd.put(path, link.why());
        } else if (node instanceof Hdf5Other other) {
          odd.put(path, other.what());
        }
      }
    }
    return new Hdf5Contents(arrays, odd, whole);
  }

  /** What cannot be read, each with the reason. */
  List<String> passedOver() {
    return odd.entrySet().stream()
        .map(one -> "/%s (%s)".formatted(PictureName.shown(one.getKey()), one.getValue()))
        .toList();
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
