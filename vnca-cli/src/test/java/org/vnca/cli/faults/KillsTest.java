package org.vnca.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes killed at random moments. {@code -Dvnca.faults.kills} says how many; without it a few
 * trainings and evaluations, with it all kinds of work.
 */
class KillsTest {
  private static final int KILLS = Integer.getInteger("vnca.faults.kills", 0);
  private static final boolean SHORT = Boolean.getBoolean("vnca.faults.short");
  private static final long SEED = Long.getLong("vnca.faults.seed", 1);

  @TempDir Path folder;

  @Test
  void killedAndGoneOnWith_theEndIsThatOfOneThatWasNot() throws Exception {
    assumeThat(SHORT || KILLS > 0).as("-Pfaults, or -Dvnca.faults.short=true, runs it").isTrue();
    List<Work> works = KILLS == 0 ? List.of(Work.TRAIN, Work.EVALUATE) : List.of(Work.values());
    Kills kills = new Kills(folder, works, System.out);
    long seed = SEED;
    do {
      for (Work work : works) {
        kills.trial(work, seed);
      }
      seed++;
    } while (kills.kills() < KILLS);
    System.out.print(kills.table());
    assertThat(kills.kills()).isPositive();
    assertThat(kills.faults()).isEmpty();
  }
}
