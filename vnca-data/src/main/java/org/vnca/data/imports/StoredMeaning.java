package org.vnca.data.imports;

import org.vnca.data.fault.DatasetException;
import org.vnca.data.hdf5.Hdf5Array;

/**
 * Attributes by which other programs say that an array's numbers are not yet the values: packed
 * numbers (netCDF's conventions), places in a palette, and white as 0 (HDF5's image specification).
 */
final class StoredMeaning {
  private StoredMeaning() {}

  /**
   * Refuses images whose numbers mean something else than their size.
   *
   * @param isSaid whether a person has said which numbers are black and white
   * @throws DatasetException if an attribute says so
   */
  static void requirePlain(Hdf5Array images, boolean isSaid) {
    if (images.attribute("IMAGE_SUBCLASS").filter("IMAGE_INDEXED"::equals).isPresent()) {
      throw new DatasetException(
          images.where()
              + " holds places in a palette (attribute IMAGE_SUBCLASS), not colours; store the colours");
    }
    if (isSaid) {
      return;
    }
    requireNeutral(images, "scale_factor", 1);
    requireNeutral(images, "add_offset", 0);
    if (images.attribute("IMAGE_WHITE_IS_ZERO").filter(number -> !number.equals("0")).isPresent()) {
      throw new DatasetException(
          images.where()
              + " says that 0 is white (attribute IMAGE_WHITE_IS_ZERO); store it the other way round, or"
              + " import it inverted: --scale 0..255");
    }
  }

  private static void requireNeutral(Hdf5Array images, String attribute, double neutral) {
    images
        .attribute(attribute)
        .filter(text -> !isNumber(text, neutral))
        .ifPresent(
            text -> {
              throw new DatasetException(
                  "%s has packed values (attribute %s: %s); say which of the stored numbers are black and white,"
                          .formatted(images.where(), attribute, PictureName.shown(text))
                      + " such as --scale 0..1000");
            });
  }

  private static boolean isNumber(String text, double number) {
    try {
      return Double.parseDouble(text) == number;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
