package org.vnca.data.hdf5;

/**
 * What is wrong with the bytes of a file, before the door of this package adds the file and the
 * path.
 */
final class Hdf5Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String COPY_AGAIN = "copy or write the file again";

  private final String advice;

  private Hdf5Fault(String what, String advice) {
    super(what);
    this.advice = advice;
  }

  /**
   * @param what the end of a sentence that begins with the place
   */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  static Hdf5Fault damaged(String what, Object... arguments) {
    return new Hdf5Fault("is damaged: " + what.formatted(arguments), COPY_AGAIN);
  }

  /**
   * @param what the end of a sentence that begins with the place
   */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  static Hdf5Fault unsupported(String advice, String what, Object... arguments) {
    return new Hdf5Fault(what.formatted(arguments), advice);
  }

  /** What to do. */
  String advice() {
    return advice;
  }
}
