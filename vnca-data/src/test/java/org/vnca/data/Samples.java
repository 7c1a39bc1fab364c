package org.vnca.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Made-up images whose every pixel is known from its place. */
public final class Samples {
  private Samples() {}

  /** Pixel (i, y, x, c), as {@code make_fixtures.py} has it. */
  public static int pixel(int i, int y, int x, int c) {
    return (31 * i + 7 * y + 3 * x + 5 * c) % 251;
  }

  /** Image number {@code i}, with each value taken modulo {@code modulus}. */
  public static byte[] image(int i, SplitShape shape, int modulus) {
    byte[] image = new byte[shape.image().dimensions()];
    int next = 0;
    for (int y = 0; y < shape.image().height(); y++) {
      for (int x = 0; x < shape.image().width(); x++) {
        for (int c = 0; c < shape.image().channels(); c++) {
          image[next++] = (byte) (pixel(i, y, x, c) % modulus);
        }
      }
    }
    return image;
  }

  /** Images in the given order, one after the other. */
  public static byte[] images(int[] indices, SplitShape shape, int modulus) {
    byte[] all = new byte[indices.length * shape.image().dimensions()];
    for (int i = 0; i < indices.length; i++) {
      byte[] image = image(indices[i], shape, modulus);
      System.arraycopy(image, 0, all, i * image.length, image.length);
    }
    return all;
  }

  /** The numbers 0 to count-1. */
  public static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }

  /** A source of images 0 to shape.images()-1. */
  public static ImageSource source(SplitShape shape, int modulus) {
    return new ImageSource() {
      private int next;

      @Override
      public boolean next(byte[] image) {
        if (next == shape.images()) {
          return false;
        }
        System.arraycopy(image(next++, shape, modulus), 0, image, 0, image.length);
        return true;
      }

      @Override
      public void close() {}
    };
  }

  /** A split of images 0 to shape.images()-1 with labels i mod 10. */
  public static SplitContent split(String name, SplitShape shape, int modulus) {
    byte[] labels = new byte[shape.images()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 10);
    }
    return new SplitContent(name, shape, () -> source(shape, modulus), Optional.of(labels));
  }

  /** Writes grey images with the given layout. */
  public static Path write(Path file, DatasetHeader.Layout layout, SplitContent... splits) {
    DatasetHeader header = new DatasetHeader("sample", "made up", Pixels.UINT8, layout);
    DatasetWriter.write(file, header, Arrays.asList(splits), ImportProgress.SILENT);
    return file;
  }

  /** Writes one split {@code train} of grey images. */
  public static Path write(Path file, DatasetHeader.Layout layout, SplitShape shape) {
    return write(file, layout, List.of(split("train", shape, 251)).toArray(SplitContent[]::new));
  }
}
