package org.vnca.data.hdf5;

import java.util.Arrays;

/** LibLZF, the fast compression that comes with h5py. */
final class Lzf {
  private static final int LONGEST_LITERAL = 32;

  private Lzf() {}

  /**
   * Decompresses.
   *
   * @param most bytes that may come out
   */
  static byte[] decode(byte[] data, int most) {
    byte[] target = new byte[most];
    int in = 0;
    int out = 0;
    while (in < data.length) {
      int control = data[in++] & 0xFF;
      if (control < LONGEST_LITERAL) {
        int count = control + 1;
        require(count <= data.length - in && count <= most - out);
        System.arraycopy(data, in, target, out, count);
        in += count;
        out += count;
      } else {
        int count = control >>> 5;
        if (count == 7) {
          require(in < data.length);
          count += data[in++] & 0xFF;
        }
        count += 2;
        require(in < data.length);
        int from = out - ((control & 0x1F) << 8) - (data[in++] & 0xFF) - 1;
        require(from >= 0 && count <= most - out);
        // Byte by byte: what is copied may be what has just been written.
        for (int end = out + count; out < end; ) {
          target[out++] = target[from++];
        }
      }
    }
    return out == most ? target : Arrays.copyOf(target, out);
  }

  private static void require(boolean fits) {
    if (!fits) {
      throw Hdf5Fault.damaged("a chunk is not valid LZF data");
    }
  }
}
