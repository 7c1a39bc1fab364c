package org.vnca.data.hdf5;

/** Where the chunks of an array lie. Implementations are thread-safe. */
interface ChunkIndex {
  /**
   * A chunk that was written.
   *
   * @param address its place
   * @param bytes its length as stored; -1 where it is that of an unfiltered chunk
   * @param mask the filters that it did not go through
   */
  record Place(long address, long bytes, int mask) {}

  /**
   * Finds a chunk.
   *
   * @param scaled its number along each axis
   * @return null where it was never written
   */
  Place find(long[] scaled);
}
