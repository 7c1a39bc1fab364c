package org.vnca.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.base.hash.Sha256;

/**
 * A checkpoint whose files were found whole.
 *
 * @param step training steps done
 * @param path its directory
 * @param facts what its writer noted besides: seed, position in the data, bounds; as JSON keeps it,
 *     so a whole number is an {@code Integer} or a {@code Long}
 * @param checksum SHA-256 of its manifest, which has the checksums of all its files
 */
public record Checkpoint(long step, Path path, Map<String, Object> facts, String checksum) {
  public Checkpoint {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /**
   * A fact that is a whole number, such as a seed.
   *
   * @throws RunException if the checkpoint does not have it
   */
  public long whole(String fact) {
    return numeric(fact).longValue();
  }

  /**
   * A fact that is a number, such as a bound; also one that is not finite.
   *
   * @throws RunException if the checkpoint does not have it
   */
  public double number(String fact) {
    return numeric(fact).doubleValue();
  }

  /**
   * A fact that is a list of numbers; empty if the checkpoint does not have it.
   *
   * @throws RunException if it is something else
   */
  public List<Number> numbers(String fact) {
    Object value = facts.get(fact);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
      return list.stream().map(Number.class::cast).toList();
    }
    throw new RunException(path + " does not say its " + fact);
  }

  private Number numeric(String fact) {
    return Durable.number(facts.get(fact))
        .orElseThrow(() -> new RunException(path + " does not say its " + fact));
  }

  /** A file of the checkpoint. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** Whether all its files are still there, and as they were found. Reads every byte of them. */
  public boolean isStillWhole() {
    try {
      return CheckpointFiles.verify(path).checksum().equals(checksum);
    } catch (CheckpointFiles.Damaged e) {
      return false;
    }
  }

  /** Whether another checkpoint of the same step lies in its place. Reads the manifest only. */
  public boolean isReplaced() {
    try {
      return !Sha256.of(file(CheckpointFiles.MANIFEST)).equals(checksum);
    } catch (IOException e) {
      return false; // It was deleted: nothing took its place.
    }
  }
}
