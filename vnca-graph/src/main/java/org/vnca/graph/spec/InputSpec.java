package org.vnca.graph.spec;

import org.vnca.base.image.ImageShape;

/**
 * How stored images enter the model.
 *
 * @param stored shape of an image in the dataset
 * @param padTo side to which images are padded with zeros all round (28 to 32), or 0 for none
 * @param binary whether stored values are 0 and 1; otherwise 0..255, scaled to 0..1
 */
public record InputSpec(ImageShape stored, int padTo, boolean binary) {
  public InputSpec {
    InvalidSetting.requirePresent("stored", stored);
    if (padTo != 0 && (padTo < stored.height() || padTo < stored.width())) {
      throw new InvalidSetting(
          "padTo", "must be 0 or at least the side of an image of " + stored, padTo);
    }
  }

  /** Shape of an image inside the model. */
  public ImageShape padded() {
    return padTo == 0 ? stored : new ImageShape(padTo, padTo, stored.channels());
  }
}
