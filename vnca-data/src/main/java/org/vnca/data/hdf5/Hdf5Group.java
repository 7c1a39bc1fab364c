package org.vnca.data.hdf5;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A group: names that lead to groups, arrays and other things. Thread-safe. */
public final class Hdf5Group implements Hdf5Node {
  private final Container container;
  private final String path;
  private final long address;
  private Map<String, Link> links;

  /**
   * @param address of the group's object header
   */
  Hdf5Group(Container container, String path, long address) {
    this.container = container;
    this.path = path;
    this.address = address;
  }

  @Override
  public String path() {
    return path;
  }

  /** Where in which file the group lies: equal for two paths that lead to the same group. */
  public Object identity() {
    return List.of(container.path(), address);
  }

  /**
   * The names in this group, in alphabetical order.
   *
   * @throws org.vnca.data.fault.DatasetException if the group is damaged
   */
  public List<String> names() {
    return List.copyOf(links().keySet());
  }

  /**
   * What a name leads to, links followed; empty where there is no such name. What the name leads to
   * may be broken: that is told as an {@link Hdf5BrokenLink} or an {@link Hdf5Other}.
   *
   * @throws org.vnca.data.fault.DatasetException if this group itself is damaged, or the file
   *     cannot be read
   */
  public Optional<Hdf5Node> child(String name) {
    return Optional.ofNullable(links().get(name))
        .map(
            link -> {
              String place = below(name);
              return Door.through(
                  container.where(place), () -> new LinkWalk().follow(this, place, link));
            });
  }

  Container container() {
    return container;
  }

  String below(String name) {
    return (path.equals("/") ? "" : path) + "/" + name;
  }

  synchronized Map<String, Link> links() {
    if (links == null) {
      links =
          Door.through(
              container.where(path),
              () -> {
                FileBytes file = container.file();
                return Links.read(file, ObjectHeader.read(file, address));
              });
    }
    return links;
  }
}
