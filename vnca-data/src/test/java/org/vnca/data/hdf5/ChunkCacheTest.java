package org.vnca.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkCacheTest {
  private final ChunkCache cache = new ChunkCache(100 + 2 * ChunkCache.ENTRY_BYTES);

  @Test
  void keep_beyondTheBudget_dropsWhatWasUsedLongestAgo() {
    cache.keep(key(0), new byte[40]);
    cache.keep(key(1), new byte[40]);
    assertThat(cache.find(key(0))).isPresent();
    cache.keep(key(2), new byte[40]);
    assertThat(cache.find(key(1))).isEmpty();
    assertThat(cache.find(key(0))).isPresent();
    assertThat(cache.find(key(2))).isPresent();
    assertThat(cache.heldBytes()).isEqualTo(80 + 2 * ChunkCache.ENTRY_BYTES);
  }

  @Test
  void keep_ofAChunkLargerThanTheBudget_keepsItAlone() {
    cache.keep(key(0), new byte[40]);
    cache.keep(key(1), new byte[400]);
    assertThat(cache.find(key(0))).isEmpty();
    assertThat(cache.find(key(1))).isPresent();
  }

  @Test
  void keep_ofAChunkTwice_countsItOnce() {
    cache.keep(key(0), new byte[40]);
    cache.keep(key(0), new byte[40]);
    assertThat(cache.heldBytes()).isEqualTo(40 + ChunkCache.ENTRY_BYTES);
  }

  private static ChunkCache.Key key(int chunk) {
    return new ChunkCache.Key("storage", chunk);
  }
}
