package org.vnca.data.batch;

import java.util.Optional;
import org.vnca.base.image.ImageShape;
import org.vnca.data.keyed.Binarization;
import org.vnca.data.keyed.KeyedMix;

/**
 * What becomes of an image each time that it is read for training: grey levels are drawn as 0 or 1,
 * then it is mirrored or not, then moved within a frame. Every draw follows from a key, the epoch
 * and the image's number alone; so it is the same wherever reading begins, however a batch is
 * divided, and whatever else is in it. Immutable and thread-safe.
 *
 * @param stored shape of an image as it is read
 * @param drawn the key by which each pixel becomes 1 with probability grey / 255, if it does
 * @param moved how it is mirrored and moved, if it is
 */
public record Variation(ImageShape stored, Optional<Long> drawn, Optional<Moved> moved) {

  /**
   * Another place for an image, and perhaps its mirror image.
   *
   * @param key of the draws
   * @param flip whether left and right are exchanged with probability 1/2
   * @param shift the most pixels by which it is moved, up, down, left and right, each number as
   *     likely as any other and both directions on their own
   * @param frame shape of the result. The image lies in its middle before it is moved; what is
   *     outside of it is 0, and what of it leaves the frame is lost
   */
  public record Moved(long key, boolean flip, int shift, ImageShape frame) {
    public Moved {
      if (shift < 0) {
        throw new IllegalArgumentException("shift must be at least 0, but is " + shift);
      }
    }
  }

  public Variation {
    moved.map(Moved::frame).ifPresent(frame -> requireFits(stored, frame));
  }

  private static void requireFits(ImageShape stored, ImageShape frame) {
    if (frame.height() < stored.height()
        || frame.width() < stored.width()
        || frame.channels() != stored.channels()) {
      throw new IllegalArgumentException(
          "the frame must hold an image of %s, but is %s".formatted(stored, frame));
    }
  }

  /** Whether anything becomes of an image. */
  public boolean present() {
    return drawn.isPresent() || moved.isPresent();
  }

  /**
   * What becomes of some images.
   *
   * @param epochs in which each is read, {@code [B]}
   * @param numbers of the images, {@code [B]}
   * @param images {@code [B, h, w, channels]} uint8, which are changed
   * @return {@code [B, H, W, channels]} uint8, of the frame's shape if there is one
   */
  byte[] of(long[] epochs, int[] numbers, byte[] images) {
    drawn.ifPresent(key -> draw(key, epochs, numbers, images));
    return moved.map(how -> move(how, epochs, numbers, images)).orElse(images);
  }

  private void draw(long key, long[] epochs, int[] numbers, byte[] images) {
    int bytes = stored.dimensions();
    for (int i = 0; i < numbers.length; i++) {
      new Binarization(key, epochs[i]).apply(numbers[i], images, i * bytes, bytes);
    }
  }

  private byte[] move(Moved how, long[] epochs, int[] numbers, byte[] images) {
    byte[] result = new byte[Math.multiplyExact(numbers.length, how.frame().dimensions())];
    for (int i = 0; i < numbers.length; i++) {
      long key = KeyedMix.derive(KeyedMix.derive(how.key(), epochs[i]), numbers[i]);
      boolean mirrored = how.flip() && KeyedMix.below(key, 0, 2) == 1;
      int down = KeyedMix.below(key, 1, 2 * how.shift() + 1) - how.shift();
      int right = KeyedMix.below(key, 2, 2 * how.shift() + 1) - how.shift();
      place(images, i, mirrored, result, how.frame(), down, right);
    }
    return result;
  }

  /** Copies an image into its frame, row by row. */
  private void place(
      byte[] images,
      int number,
      boolean mirrored,
      byte[] frames,
      ImageShape frame,
      int down,
      int right) {
    int channels = stored.channels();
    int top = (frame.height() - stored.height()) / 2 + down;
    int left = (frame.width() - stored.width()) / 2 + right;
    // Columns of the image, after mirroring, that are within the frame.
    int first = Math.max(0, -left);
    int end = Math.min(stored.width(), frame.width() - left);
    for (int y = Math.max(0, -top); y < Math.min(stored.height(), frame.height() - top); y++) {
      int row = number * stored.dimensions() + y * stored.width() * channels;
      int target = number * frame.dimensions() + ((top + y) * frame.width() + left) * channels;
      if (!mirrored && first < end) {
        int length = (end - first) * channels;
        System.arraycopy(images, row + first * channels, frames, target + first * channels, length);
      }
      for (int x = first; mirrored && x < end; x++) {
        int source = row + (stored.width() - 1 - x) * channels;
        System.arraycopy(images, source, frames, target + x * channels, channels);
      }
    }
  }
}
