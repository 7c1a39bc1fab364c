package org.vnca.train.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnca.train.experiment.GuardSettings;

class GuardTest {
  @Test
  void limit_isSoManyTimesTheMedianOfTheWindow() {
    Guard guard = new Guard(new GuardSettings(3, 4));
    for (float norm : new float[] {100, 1, 2}) {
      guard.taken(norm);
      assertThat(guard.limit()).as("too few are known").isEqualTo(Float.POSITIVE_INFINITY);
    }
    guard.taken(8);
    assertThat(guard.limit()).as("3 times the mean of 2 and 8").isEqualTo(15);
    guard.taken(4);
    assertThat(guard.norms()).as("the oldest is forgotten").containsExactly(1f, 2f, 8f, 4f);
    assertThat(guard.limit()).isEqualTo(9);
    Guard odd = new Guard(new GuardSettings(2, 3));
    List.of(5f, 1f, 3f).forEach(odd::taken);
    assertThat(odd.limit()).isEqualTo(6);
  }

  @Test
  void restored_guardGoesOn_alsoWithAnotherWindow() {
    Guard guard = new Guard(new GuardSettings(2, 3));
    guard.restore(List.of(9.0, 5.0, 1.0, 3.0));
    assertThat(guard.norms()).containsExactly(5f, 1f, 3f);
    assertThat(guard.limit()).isEqualTo(6);
  }

  @Test
  void noGuard_hasNoLimit_andKeepsNothing() {
    Guard none = new Guard(GuardSettings.PAPER);
    for (int i = 0; i < 200; i++) {
      none.taken(1);
    }
    assertThat(none.limit()).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(none.norms()).isEmpty();
  }
}
