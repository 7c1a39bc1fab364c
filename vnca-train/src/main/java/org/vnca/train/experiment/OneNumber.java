package org.vnca.train.experiment;

import java.util.Optional;

/**
 * A group of keys that a descriptor may also write as one number, such as {@code beta: 1}; its
 * record has a static method {@code of(double)}.
 */
public interface OneNumber {

  /** The number that says all of it, if there is one. */
  Optional<Double> number();
}
