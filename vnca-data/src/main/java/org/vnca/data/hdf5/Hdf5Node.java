package org.vnca.data.hdf5;

/** What a name in a group leads to. */
public sealed interface Hdf5Node permits Hdf5Group, Hdf5Array, Hdf5Other, Hdf5BrokenLink {
  /**
   * A path that leads to it from the root of its file, beginning with a slash: for what a link
   * leads to, that of the target.
   */
  String path();
}
