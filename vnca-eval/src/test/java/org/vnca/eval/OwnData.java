package org.vnca.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageSource;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;

/** A dataset of generated binary images of 8 x 8 pixels, without labels. */
final class OwnData {
  static final int SIDE = 8;

  private OwnData() {}

  /**
   * Writes it.
   *
   * @param test images of the test split; the others have 64
   */
  static Path write(Path file, int test) {
    DatasetWriter.write(
        file,
        new DatasetHeader("own", "generated", Pixels.BINARY, DatasetHeader.Layout.COMPRESSED),
        List.of(split("train", 64), split("valid", 64), split("test", test)),
        ImportProgress.SILENT);
    return file;
  }

  private static SplitContent split(String name, int images) {
    return new SplitContent(
        name, SplitShape.of(images, SIDE, SIDE, 1), () -> new Bars(images), Optional.empty());
  }

  /** A bar somewhere in each. */
  private static final class Bars implements ImageSource {
    private final int images;
    private final Random random = new Random(5);
    private int next;

    Bars(int images) {
      this.images = images;
    }

    @Override
    public boolean next(byte[] image) {
      if (next++ == images) {
        return false;
      }
      int column = random.nextInt(SIDE);
      for (int i = 0; i < image.length; i++) {
        image[i] = (byte) (i % SIDE == column ? 1 : 0);
      }
      return true;
    }

    @Override
    public void close() {}
  }
}
