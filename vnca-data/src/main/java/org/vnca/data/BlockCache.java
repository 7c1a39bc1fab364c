package org.vnca.data;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The blocks of decoded images that were used last, of all splits of a dataset, within a budget of
 * bytes. The newest block is kept even where it alone exceeds the budget. Thread-safe.
 */
final class BlockCache {
  private static final long MOST = 256L << 20;

  /** Which block: the split's storage and the block's number in it. */
  record Key(Object storage, int block) {}

  private final long budget;
  private final Map<Key, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long held;

  /**
   * @param budget bytes
   */
  BlockCache(long budget) {
    this.budget = budget;
  }

  /** A cache that takes at most a quarter of the heap, and at most 256 MiB. */
  static BlockCache forThisHeap() {
    return new BlockCache(Math.min(MOST, Runtime.getRuntime().maxMemory() / 4));
  }

  synchronized Optional<byte[]> find(Key key) {
    return Optional.ofNullable(blocks.get(key));
  }

  synchronized void keep(Key key, byte[] block) {
    byte[] before = blocks.put(key, block);
    held += block.length - (before == null ? 0 : before.length);
    Iterator<Map.Entry<Key, byte[]>> oldest = blocks.entrySet().iterator();
    while (held > budget && blocks.size() > 1) {
      held -= oldest.next().getValue().length;
      oldest.remove();
    }
  }

  /** Bytes of the blocks held now. */
  synchronized long heldBytes() {
    return held;
  }
}
