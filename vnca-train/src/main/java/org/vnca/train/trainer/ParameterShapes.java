package org.vnca.train.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Whether weights from elsewhere are those of a model. */
public final class ParameterShapes {
  private static final int NAMED = 5;

  private ParameterShapes() {}

  /**
   * What differs, in words; empty if nothing does.
   *
   * @param found shapes by name, of the weights
   * @param wanted shapes by name, of the model
   */
  public static Optional<String> difference(Map<String, int[]> found, Map<String, int[]> wanted) {
    List<String> faults = new ArrayList<>();
    TreeSet<String> unexpected = new TreeSet<>(found.keySet());
    wanted.forEach(
        (name, shape) -> {
          unexpected.remove(name);
          int[] here = found.get(name);
          if (here == null) {
            faults.add(name + " is missing");
          } else if (!Arrays.equals(here, shape)) {
            faults.add(
                "%s must be %s, but is %s"
                    .formatted(name, Arrays.toString(shape), Arrays.toString(here)));
          }
        });
    unexpected.forEach(name -> faults.add(name + " is nothing of this model"));
    if (faults.isEmpty()) {
      return Optional.empty();
    }
    String more = faults.size() > NAMED ? "; and %d more".formatted(faults.size() - NAMED) : "";
    return Optional.of(String.join("; ", faults.subList(0, Math.min(NAMED, faults.size()))) + more);
  }
}
