package org.example.growing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vnca.eval.OpenRun;
import org.vnca.eval.StatePicture;
import org.vnca.eval.damage.Damage;
import org.vnca.graph.session.States;
import org.vnca.graph.session.StudySession;

/**
 * Uses vnca-java as a library: grows some latent vectors of a run, cuts a square out of each, lets
 * them heal, and writes a picture of all that.
 */
public final class GrowAndDamage {
  private static final long[] NUMBERS = {0, 1, 2, 3, 4, 5};
  private static final int STEPS = 8;
  private static final int WATCHED = 6;

  private GrowAndDamage() {}

  /** Takes a run's directory and the PNG file to write. */
  public static void main(String[] args) {
    try (OpenRun run = OpenRun.open(Path.of(args[0]))) {
      StudySession cells = run.session().study();
      States grown = cells.last(run.session().sampling().prior(NUMBERS));
      States damaged = new Damage.Square(grown.side() / 2).of(grown, 1, NUMBERS);
      List<States> seen = new ArrayList<>(List.of(grown, damaged));
      for (int i = 0; i < WATCHED; i++) {
        int time = run.steps() + i * STEPS;
        seen.add(cells.advance(seen.get(seen.size() - 1), STEPS, time));
      }
      StatePicture.write(run, seen, Path.of(args[1]));
    }
  }
}
