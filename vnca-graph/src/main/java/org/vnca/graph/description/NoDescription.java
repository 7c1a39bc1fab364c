package org.vnca.graph.description;

import org.vnca.base.fault.ForPeople;

/** A part of a model that says nothing of how it is computed; the message names it. */
public final class NoDescription extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  private NoDescription(String message) {
    super(message);
  }

  /**
   * A part that does not override its {@code description()}.
   *
   * @param what it is, such as {@code layer}
   */
  public static NoDescription of(String what, Class<?> type) {
    return new NoDescription(
        "the %s %s has no description, so that only TensorFlow can compute it; let it override description()"
            .formatted(what, type.getName()));
  }

  /**
   * A part that cannot be described.
   *
   * @param what it is and why, such as {@code the decoder is convolutional, whose hidden maps are
   *     no cells}
   */
  public static NoDescription because(String what) {
    return new NoDescription(what);
  }
}
