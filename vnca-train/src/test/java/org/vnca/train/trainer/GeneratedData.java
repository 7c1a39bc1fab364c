package org.vnca.train.trainer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageSource;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;

/** Datasets of the shape of those that the descriptors name: a few blobs in each split. */
final class GeneratedData {
  private static final int IMAGES = 8;

  private GeneratedData() {}

  /**
   * Writes one unless it is there.
   *
   * @param named what a descriptor calls its file, such as {@code data/celeba-64.h5}
   * @return where it is
   */
  static Path like(String named, Path folder) {
    Path file = folder.resolve(Path.of(named).getFileName());
    if (!Files.exists(file)) {
      boolean digits = named.contains("mnist");
      int side = digits ? 28 : named.contains("-32") ? 32 : 64;
      Pixels pixels = named.contains("binarized") ? Pixels.BINARY : Pixels.UINT8;
      List<SplitContent> splits = new ArrayList<>();
      for (String split : List.of("train", "valid", "test")) {
        SplitShape shape = SplitShape.of(IMAGES, side, side, digits ? 1 : 3);
        splits.add(
            new SplitContent(
                split, shape, () -> new Blobs(shape, pixels, split.length()), Optional.empty()));
      }
      DatasetHeader header =
          new DatasetHeader("generated", "a test", pixels, DatasetHeader.Layout.CONTIGUOUS);
      DatasetWriter.write(file, header, splits, ImportProgress.SILENT);
    }
    return file;
  }

  /** Discs of growing size on a slope of brightness. */
  private static final class Blobs implements ImageSource {
    private final SplitShape shape;
    private final Pixels pixels;
    private final int shift;
    private int next;

    Blobs(SplitShape shape, Pixels pixels, int shift) {
      this.shape = shape;
      this.pixels = pixels;
      this.shift = shift;
    }

    @Override
    public boolean next(byte[] image) {
      if (next == IMAGES) {
        return false;
      }
      int side = shape.image().height();
      for (int i = 0; i < image.length; i++) {
        int channel = i % shape.image().channels();
        int column = i / shape.image().channels() % side - side / 2 + next - shift;
        int row = i / shape.image().channels() / side - side / 2;
        boolean inside = 16 * (row * row + column * column) < side * side;
        int grey = 60 * channel + (inside ? 120 : 2 * (row + side / 2));
        image[i] = (byte) (pixels == Pixels.BINARY ? (inside ? 1 : 0) : grey);
      }
      next++;
      return true;
    }

    @Override
    public void close() {}
  }
}
