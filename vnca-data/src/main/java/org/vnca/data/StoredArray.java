package org.vnca.data;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Set;

/**
 * An array in an HDF5 file, and the checks on what is made of it.
 *
 * @param hdf the file
 * @param path its place below the root
 * @param dataset what jHDF knows of it
 */
record StoredArray(Hdf5Source hdf, String path, Dataset dataset) {
  private static final int LARGEST_LABEL = 255;

  /** Names the array in messages. */
  String where() {
    return hdf.where(path);
  }

  /** Whether the elements are h5py's booleans: an enumeration of one byte with values 0 and 1. */
  boolean isBoolean() {
    return dataset.getDataType() instanceof EnumDataType choice
        && choice.getBaseType().getSize() == 1
        && choice.getEnumMapping().keySet().equals(Set.of(0, 1));
  }

  /**
   * The shape of an array of images.
   *
   * @throws DatasetException if its type is not uint8 or boolean, or it is not shaped as images
   */
  ImageShape imageShape() {
    if (!isUnsignedByte() && !isBoolean()) {
      throw new DatasetException(
          "%s must hold uint8 or booleans, but holds %s; convert it, for instance with h5py"
              .formatted(where(), type()));
    }
    long[] dimensions = dataset.getDimensionsAsLong();
    boolean plain = dimensions.length == 3;
    if ((!plain && dimensions.length != 4)
        || Arrays.stream(dimensions).anyMatch(length -> length > Integer.MAX_VALUE)) {
      throw new DatasetException(
          "%s must be [N, height, width] or [N, height, width, channels], but is %s; reshape it"
              .formatted(where(), Arrays.toString(dimensions)));
    }
    int channels = plain ? 1 : (int) dimensions[3];
    try {
      return new ImageShape(
          (int) dimensions[0], (int) dimensions[1], (int) dimensions[2], channels);
    } catch (IllegalArgumentException e) {
      throw new DatasetException("%s: %s".formatted(where(), e.getMessage()), e);
    }
  }

  /**
   * How an array of images is read.
   *
   * @throws DatasetException if its layout is not supported or it is not wholly in the file
   */
  ImageStorage storage(ImageShape shape, BlockCache cache) {
    if (dataset instanceof ChunkedDataset chunked) {
      return chunked(chunked, cache);
    }
    if (dataset instanceof ContiguousDataset contiguous && !dataset.isEmpty()) {
      return contiguous(contiguous, shape);
    }
    throw new DatasetException(
        "%s must be stored contiguous or in chunks, and written, but is %s; write it again with h5py"
            .formatted(where(), dataset.isEmpty() ? "empty" : dataset.getDataLayout()));
  }

  /**
   * An array of labels, one byte an image.
   *
   * @throws DatasetException if they are not {@code images} whole numbers in 0..255
   */
  byte[] labels(int images) {
    long[] dimensions = dataset.getDimensionsAsLong();
    if (!(dataset.getDataType() instanceof FixedPoint)
        || dimensions.length != 1
        || dimensions[0] != images) {
      throw new DatasetException(
          "%s must hold a whole number for each of the %d images, but is %s of %s"
              .formatted(where(), images, Arrays.toString(dimensions), type()));
    }
    Object values = flat();
    byte[] labels = new byte[images];
    for (int i = 0; i < images; i++) {
      long label = ((Number) Array.get(values, i)).longValue();
      if (label < 0 || label > LARGEST_LABEL) {
        throw new DatasetException(
            "%s must hold numbers in 0..%d, but label %d is %d"
                .formatted(where(), LARGEST_LABEL, i, label));
      }
      labels[i] = (byte) label;
    }
    return labels;
  }

  private ImageStorage chunked(ChunkedDataset chunked, BlockCache cache) {
    try {
      return new ChunkedImages(chunked, where(), cache);
    } catch (HdfException e) {
      throw new DatasetException(
          "%s cannot be decoded (%s); write it again with gzip".formatted(where(), e.getMessage()),
          e);
    }
  }

  private ImageStorage contiguous(ContiguousDataset contiguous, ImageShape shape) {
    long address = contiguous.getDataAddress() + hdf.userBlockBytes();
    long end = address + (long) shape.images() * shape.imageBytes();
    if (end > hdf.bytes()) {
      throw new DatasetException(
          "%s reaches to byte %d, but the file has only %d; copy it again"
              .formatted(where(), end, hdf.bytes()));
    }
    return new ContiguousImages(hdf.channel(), address, shape.imageBytes());
  }

  private boolean isUnsignedByte() {
    return dataset.getDataType() instanceof FixedPoint number
        && number.getSize() == 1
        && !number.isSigned();
  }

  private Object flat() {
    try {
      return dataset.getDataFlat();
    } catch (RuntimeException e) { // jHDF's own, and what damaged bytes make it run into
      throw new DatasetException(where() + " cannot be read; copy the file again", e);
    }
  }

  private String type() {
    DataType type = dataset.getDataType();
    if (type instanceof FixedPoint number) {
      return (number.isSigned() ? "int" : "uint") + 8 * number.getSize();
    }
    return type.getClass().getSimpleName() + " of " + type.getSize() + " bytes";
  }
}
