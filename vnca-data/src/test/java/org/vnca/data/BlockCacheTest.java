package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private final BlockCache cache = new BlockCache(100);

  @Test
  void keep_beyondTheBudget_dropsWhatWasUsedLongestAgo() {
    cache.keep(key(0), new byte[40]);
    cache.keep(key(1), new byte[40]);
    assertThat(cache.find(key(0))).isPresent();
    cache.keep(key(2), new byte[40]);
    assertThat(cache.find(key(1))).isEmpty();
    assertThat(cache.find(key(0))).isPresent();
    assertThat(cache.find(key(2))).isPresent();
    assertThat(cache.heldBytes()).isEqualTo(80);
  }

  @Test
  void keep_ofABlockLargerThanTheBudget_keepsItAlone() {
    cache.keep(key(0), new byte[40]);
    cache.keep(key(1), new byte[400]);
    assertThat(cache.find(key(0))).isEmpty();
    assertThat(cache.find(key(1))).isPresent();
  }

  @Test
  void keep_ofABlockTwice_countsItOnce() {
    cache.keep(key(0), new byte[40]);
    cache.keep(key(0), new byte[40]);
    assertThat(cache.heldBytes()).isEqualTo(40);
  }

  private static BlockCache.Key key(int block) {
    return new BlockCache.Key("storage", block);
  }
}
