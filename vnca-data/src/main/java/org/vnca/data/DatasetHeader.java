package org.vnca.data;

/**
 * What a dataset file says of itself.
 *
 * @param name the dataset's name, such as {@code binarized-mnist}
 * @param source where its images come from
 * @param pixels what a pixel's byte means
 * @param layout how the images are stored
 */
public record DatasetHeader(String name, String source, Pixels pixels, Layout layout) {
  /** How images are stored. */
  public enum Layout {
    /** One after the other: for photographs, which gzip hardly shortens. */
    CONTIGUOUS,
    /** In gzipped chunks of 64 images: for binary digits and drawings. */
    COMPRESSED
  }
}
