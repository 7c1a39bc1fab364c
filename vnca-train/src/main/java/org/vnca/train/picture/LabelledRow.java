package org.vnca.train.picture;

import java.util.List;

/**
 * A row of images with a name to its left.
 *
 * @param label printable ASCII; what else it has is shown as "?"
 */
public record LabelledRow(String label, List<PixelImage> images) {
  public LabelledRow {
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("row \"" + label + "\" must have an image, but is empty");
    }
  }
}
