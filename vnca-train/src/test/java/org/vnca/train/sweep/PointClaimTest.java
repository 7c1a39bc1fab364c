package org.vnca.train.sweep;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.train.run.RunException;

class PointClaimTest {
  /** A file that can be locked, but takes no byte. */
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;

  /** Otherwise the second attempt would find that somebody has it, and not say what is wrong. */
  @Test
  void claimWhoseOwnerCannotBeWrittenDown_isGivenUp() throws IOException {
    assumeThat(FULL).exists();
    Path claim = Files.createSymbolicLink(folder.resolve("claim"), FULL);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> PointClaim.take(claim))
          .isInstanceOf(RunException.class)
          .hasMessageContaining(claim + " cannot be written: No space left on device");
    }
  }
}
