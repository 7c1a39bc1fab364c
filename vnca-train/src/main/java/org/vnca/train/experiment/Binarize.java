package org.vnca.train.experiment;

/** How grey images become images of 0 and 1. */
public enum Binarize {
  /** Not at all. */
  NONE,
  /** Each pixel is 1 with probability grey / 255, drawn once and for all. */
  STATIC,
  /** Drawn anew whenever training reads an image; as {@link #STATIC} for all that measures. */
  DYNAMIC,
  /** A pixel is 1 from a grey of 128 on. */
  THRESHOLD;

  /** As a descriptor writes it. */
  public String word() {
    return Values.name(this);
  }
}
