package org.vnca.data;

import java.io.IOException;
import java.util.Optional;

/**
 * A split to be written.
 *
 * @param name the split's name, such as {@code train}
 * @param shape {@code [N, H, W, C]}, with the number of images that will be handed over
 * @param images opens the images; called once, when their turn comes
 * @param labels {@code [N]}, uint8
 */
public record SplitContent(String name, SplitShape shape, Opener images, Optional<byte[]> labels) {
  /** Opens a source of images. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Opens the source.
     *
     * @throws IOException if it cannot be opened
     */
    ImageSource open() throws IOException;
  }

  public SplitContent {
    if (name.isBlank() || name.contains("/")) {
      throw new IllegalArgumentException(
          "a split's name must not be blank nor hold a slash, but is '" + name + "'");
    }
    if (labels.isPresent() && labels.get().length != shape.images()) {
      throw new IllegalArgumentException(
          "split %s must have a label for each of %d images, but has %d"
              .formatted(name, shape.images(), labels.get().length));
    }
    labels = labels.map(byte[]::clone);
  }
}
