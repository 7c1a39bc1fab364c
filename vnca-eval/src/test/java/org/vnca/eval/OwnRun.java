package org.vnca.eval;

import java.nio.file.Path;

/** How a {@link TinyRun} is trained on {@link OwnData}. */
final class OwnRun {
  static final String DECODER =
      "{type: doubling, doublings: 2, steps: 1, update: {hidden: 4, blocks: 1}}";

  private OwnRun() {}

  static String[] overrides(Path data, int steps) {
    return new String[] {
      "data.file=" + data,
      "data.pad-to=0",
      "model.latent=4",
      "train.steps=" + steps,
      "train.validation.every=0",
      "train.images.every=0"
    };
  }
}
