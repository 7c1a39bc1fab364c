package org.vnca.data.hdf5;

import java.util.List;
import java.util.Optional;

/** A group: names that lead to groups, arrays and other things. */
public final class Hdf5Group implements Hdf5Node {
  private final String path;

  Hdf5Group(String path) {
    this.path = path;
  }

  @Override
  public String path() {
    return path;
  }

  /** Where in which file the group lies: equal for two paths that lead to the same group. */
  public Object identity() {
    throw new UnsupportedOperationException();
  }

  /**
   * The names in this group, in alphabetical order.
   *
   * @throws org.vnca.data.DatasetException if the group is damaged
   */
  public List<String> names() {
    throw new UnsupportedOperationException();
  }

  /**
   * What a name leads to, links followed; empty where there is no such name. Never throws for what
   * the name leads to: that is told as a {@link Hdf5BrokenLink} or {@link Hdf5Other}.
   *
   * @throws org.vnca.data.DatasetException if this group itself is damaged
   */
  public Optional<Hdf5Node> child(String name) {
    throw new UnsupportedOperationException();
  }
}
