package org.vnca.data;

import java.util.List;

/**
 * What a dataset file says of itself.
 *
 * @param name the dataset's name, such as {@code binarized-mnist}
 * @param source where its images come from
 * @param pixels what a pixel's byte means
 * @param layout how the images are stored
 * @param classes names of the labels 0, 1, 2, ...; empty where they have none
 */
public record DatasetHeader(
    String name, String source, Pixels pixels, Layout layout, List<String> classes) {
  /** How images are stored. */
  public enum Layout {
    /** One after the other: for photographs, which gzip hardly shortens. */
    CONTIGUOUS,
    /** In gzipped chunks of 64 images: for binary digits and drawings. */
    COMPRESSED
  }

  public DatasetHeader {
    classes = List.copyOf(classes);
  }

  /** Labels without names. */
  public DatasetHeader(String name, String source, Pixels pixels, Layout layout) {
    this(name, source, pixels, layout, List.of());
  }

  /** The same with names for the labels. */
  public DatasetHeader withClasses(List<String> names) {
    return new DatasetHeader(name, source, pixels, layout, names);
  }
}
