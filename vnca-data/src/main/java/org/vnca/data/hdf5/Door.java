package org.vnca.data.hdf5;

import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Supplier;
import org.vnca.base.file.Reason;
import org.vnca.data.fault.DatasetException;

/**
 * What leaves this package leaves through here: whatever goes wrong with a file is one line that
 * names the file and the place in it.
 */
final class Door {
  private Door() {}

  /**
   * Does something with a file.
   *
   * @param where the file and the path inside it
   */
  static <T> T through(String where, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Hdf5Fault e) {
      throw new DatasetException("%s %s; %s".formatted(where, e.getMessage(), e.advice()), e);
    } catch (UncheckedIOException e) {
      throw new DatasetException("%s cannot be read: %s".formatted(where, reason(e)), e);
    } catch (IndexOutOfBoundsException
        | NegativeArraySizeException
        | IllegalArgumentException
        | ArithmeticException e) {
      // Sums of what a damaged file claims; whatever they hit, the file is to blame.
      throw new DatasetException(where + " is damaged; copy or write the file again", e);
    }
  }

  private static String reason(UncheckedIOException e) {
    if (e.getCause() instanceof ClosedChannelException) {
      return "the file is closed; open it again";
    }
    return Reason.of(e.getCause());
  }
}
