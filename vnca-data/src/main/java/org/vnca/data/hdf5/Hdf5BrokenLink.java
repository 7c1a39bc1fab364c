package org.vnca.data.hdf5;

/**
 * A link that leads nowhere.
 *
 * @param path the link's place
 * @param why one clause: where it leads to and what is missing there
 */
public record Hdf5BrokenLink(String path, String why) implements Hdf5Node {}
