package org.vnca.data.hdf5;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The decoded chunks that were used last, of all arrays of a file, within a budget of bytes. The
 * newest is kept even where it alone exceeds the budget. Thread-safe.
 */
final class ChunkCache {
  private static final long MOST = 256L << 20;

  /** What an entry takes beside its bytes, so that tiny chunks count, too. */
  static final int ENTRY_BYTES = 128;

  /** Which chunk: the array's storage and the chunk's number in it. */
  record Key(Object storage, long chunk) {}

  private final long budget;
  private final Map<Key, byte[]> chunks = new LinkedHashMap<>(16, 0.75f, true);
  private long held;

  /**
   * @param budget bytes
   */
  ChunkCache(long budget) {
    this.budget = budget;
  }

  /** A cache that takes at most a quarter of the heap, and at most 256 MiB. */
  static ChunkCache forThisHeap() {
    return new ChunkCache(Math.min(MOST, Runtime.getRuntime().maxMemory() / 4));
  }

  synchronized Optional<byte[]> find(Key key) {
    return Optional.ofNullable(chunks.get(key));
  }

  synchronized void keep(Key key, byte[] chunk) {
    byte[] before = chunks.put(key, chunk);
    held += chunk.length - (before == null ? -ENTRY_BYTES : before.length);
    Iterator<Map.Entry<Key, byte[]>> oldest = chunks.entrySet().iterator();
    while (held > budget && chunks.size() > 1) {
      held -= oldest.next().getValue().length + ENTRY_BYTES;
      oldest.remove();
    }
  }

  /** Bytes that are held now. */
  synchronized long heldBytes() {
    return held;
  }
}
