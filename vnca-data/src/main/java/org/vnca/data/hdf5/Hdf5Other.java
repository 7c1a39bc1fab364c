package org.vnca.data.hdf5;

/**
 * Something that is neither a group nor an array that could be opened: a named type, or an object
 * whose header this reader cannot make out.
 *
 * @param path its place
 * @param what it is, or why it cannot be read; the end of a sentence
 */
public record Hdf5Other(String path, String what) implements Hdf5Node {}
