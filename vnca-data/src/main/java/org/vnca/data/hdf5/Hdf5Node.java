package org.vnca.data.hdf5;

/** What a name in a group leads to. */
public sealed interface Hdf5Node permits Hdf5Group, Hdf5Array, Hdf5Other, Hdf5BrokenLink {
  /** The path by which it was reached, from the root and beginning with a slash. */
  String path();
}
