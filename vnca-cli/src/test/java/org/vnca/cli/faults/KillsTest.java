package org.vnca.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes killed at random moments. {@code -Dvnca.faults.kills} says how many, up to six in a
 * trial; without it each kind of work that saves as it goes is killed once. The seeds are fixed,
 * but the moments are as exact as the system's clock and load: whatever the moment, the end must be
 * the same.
 */
class KillsTest {
  private static final int KILLS = Integer.getInteger("vnca.faults.kills", 0);
  private static final long SEED = Long.getLong("vnca.faults.seed", 15);

  @TempDir Path folder;

  @Test
  void killedAndGoneOnWith_theEndIsThatOfOneThatWasNot() throws Exception {
    boolean brief = KILLS == 0;
    List<Work> works =
        brief ? List.of(Work.TRAIN, Work.EVALUATE, Work.IMPORT) : List.of(Work.values());
    Kills kills = new Kills(folder, works, brief ? 1 : 6, System.out);
    long seed = SEED;
    do {
      kills.round(seed);
      System.out.printf("seed %d: %d of %d kills%n", seed, kills.kills(), KILLS);
      seed++;
    } while (kills.kills() < KILLS);
    System.out.println(kills.table());
    assertThat(kills.kills()).isPositive();
    assertThat(kills.faults()).isEmpty();
  }
}
