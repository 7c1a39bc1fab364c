package org.vnca.data;

import java.util.Objects;
import java.util.Optional;
import org.vnca.base.image.ImageShape;
import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5Array;

/**
 * One part of a dataset, such as {@code train}. Thread-safe until the dataset is closed. Reading
 * must not be interrupted: {@link Thread#interrupt} closes the file under every reader.
 */
public final class Split {
  private final String name;
  private final Hdf5Array array;
  private final SplitShape shape;
  private final Pixels pixels;
  private final Optional<byte[]> labels;
  private final Optional<ImageChange> change;

  Split(String name, Hdf5Array array, SplitShape shape, Pixels pixels, Optional<byte[]> labels) {
    this(name, array, shape, pixels, labels, Optional.empty());
  }

  private Split(
      String name,
      Hdf5Array array,
      SplitShape shape,
      Pixels pixels,
      Optional<byte[]> labels,
      Optional<ImageChange> change) {
    this.name = name;
    this.array = array;
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.change = change;
  }

  /**
   * The same images as 0 and 1; this split itself, if they are that already.
   *
   * @param binarization leaves 0 or 1 in every byte of an image
   */
  public Split binary(ImageChange binarization) {
    return pixels == Pixels.BINARY
        ? this
        : new Split(name, array, shape, Pixels.BINARY, labels, Optional.of(binarization));
  }

  /** The split's name, such as {@code train}. */
  public String name() {
    return name;
  }

  /** How many images the split has. */
  public int size() {
    return shape.images();
  }

  /** The shape of an image. */
  public ImageShape image() {
    return shape.image();
  }

  /** Rows of an image. */
  public int height() {
    return shape.image().height();
  }

  /** Columns of an image. */
  public int width() {
    return shape.image().width();
  }

  /** Channels of an image: 1 for grey or binary, 3 for colour. */
  public int channels() {
    return shape.image().channels();
  }

  /** Bytes of one image: height x width x channels. */
  public int imageBytes() {
    return shape.image().dimensions();
  }

  /** What the bytes mean. */
  public Pixels pixels() {
    return pixels;
  }

  /** {@code [N]}, uint8, a fresh copy; empty where the file has no labels. */
  public Optional<byte[]> labels() {
    return labels.map(byte[]::clone);
  }

  /**
   * Reads images in the given order; an image may be asked for more than once.
   *
   * @param indices image numbers, each in 0..size-1
   * @return {@code [indices.length, H, W, C]}, uint8
   * @throws DatasetException if the file cannot be read or its content is damaged
   * @throws IndexOutOfBoundsException if an image number is out of range
   */
  public byte[] read(int[] indices) {
    byte[] target = new byte[Math.multiplyExact(indices.length, imageBytes())];
    read(indices, target);
    return target;
  }

  /**
   * Reads images in the given order into an array.
   *
   * @param indices image numbers, each in 0..size-1
   * @param target {@code [indices.length, H, W, C]}, uint8
   * @throws DatasetException if the file cannot be read or its content is damaged
   * @throws IllegalArgumentException if {@code target} has another length
   * @throws IndexOutOfBoundsException if an image number is out of range
   */
  public void read(int[] indices, byte[] target) {
    if (target.length != (long) indices.length * imageBytes()) {
      throw new IllegalArgumentException(
          "the target must have %d x %d bytes, but has %d"
              .formatted(indices.length, imageBytes(), target.length));
    }
    for (int index : indices) {
      Objects.checkIndex(index, size());
    }
    array.bytes(indices, target);
    change.ifPresent(
        each -> {
          for (int i = 0; i < indices.length; i++) {
            each.apply(indices[i], target, i * imageBytes(), imageBytes());
          }
        });
    if (pixels == Pixels.BINARY) {
      requireBinary(target);
    }
  }

  /** How many neighbouring images are stored together, and read at once; at least 1. */
  public int imagesPerBlock() {
    return array.rowsPerChunk();
  }

  private void requireBinary(byte[] target) {
    int seen = 0;
    for (byte pixel : target) {
      seen |= pixel;
    }
    if ((seen & ~1) != 0) {
      throw new DatasetException(
          array.where()
              + " is declared binary, so its pixels must be 0 or 1, but there are others; set the"
              + " file's root attribute pixels to uint8");
    }
  }
}
