package org.vnca.data;

/**
 * Where the images and labels of a split lie inside an HDF5 file, for files that this program did
 * not make. {@code {split}} stands for the split's name; a path without it names one split, {@value
 * #WHOLE}.
 *
 * @param images path of the images, such as {@code {split}/images} or {@code x_{split}}
 * @param labels path of the labels; a file need not have them
 */
public record DatasetPaths(String images, String labels) {
  /** The name of the only split of a file that has no splits. */
  public static final String WHOLE = "all";

  /** This program's own layout: a group per split. */
  public static final DatasetPaths DEFAULT = new DatasetPaths("{split}/images", "{split}/labels");

  /** Plain {@code images} and {@code labels} at the root: one split, {@value #WHOLE}. */
  public static final DatasetPaths ROOT = new DatasetPaths("images", "labels");

  static final String SPLIT = "{split}";

  public DatasetPaths {
    images = checked("images", images);
    labels = checked("labels", labels);
    if (images.contains(SPLIT) != labels.contains(SPLIT)) {
      throw new IllegalArgumentException(
          "the paths of images and labels must both hold {split} or neither, but are '%s' and '%s'"
              .formatted(images, labels));
    }
  }

  /** Whether the file has a dataset for each split. */
  boolean hasSplits() {
    return images.contains(SPLIT);
  }

  String imagesOf(String split) {
    return images.replace(SPLIT, split);
  }

  String labelsOf(String split) {
    return labels.replace(SPLIT, split);
  }

  private static String checked(String what, String path) {
    String stripped = path.replaceFirst("^/+", "");
    int first = stripped.indexOf(SPLIT);
    if (stripped.isBlank() || (first >= 0 && first != stripped.lastIndexOf(SPLIT))) {
      throw new IllegalArgumentException(
          "the path of the %s must name a dataset and hold {split} at most once, but is '%s'"
              .formatted(what, path));
    }
    return stripped;
  }
}
