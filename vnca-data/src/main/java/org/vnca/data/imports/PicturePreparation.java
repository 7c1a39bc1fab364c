package org.vnca.data.imports;

import java.io.IOException;
import java.util.function.Function;

/**
 * From the name of a picture file to the pixels of a dataset: reads and decodes it, within the
 * memory there is, and notes what was done.
 */
final class PicturePreparation implements PreparedImages.Preparation {
  private final ImageFiles files;
  private final Function<String, String> path;
  private final ImportNotes notes;
  private final Function<Pixmap, byte[]> made;

  /**
   * @param path from the name that an image has in the dataset to that of its file
   * @param made from the picture to {@code [H, W, C]} uint8
   */
  PicturePreparation(
      ImageFiles files,
      Function<String, String> path,
      ImportNotes notes,
      Function<Pixmap, byte[]> made) {
    this.files = files;
    this.path = path;
    this.notes = notes;
    this.made = made;
  }

  @Override
  public byte[] prepare(String name) throws IOException {
    byte[] file = files.read(path.apply(name));
    try (PictureMemory.Share memory = PictureMemory.share()) {
      ImageDecoder.Decoded picture = ImageDecoder.decode(file, memory);
      byte[] image = made.apply(picture.pixels());
      notes.addAll(picture.notes(), name);
      return image;
    } catch (OutOfMemoryError e) {
      throw new IOException("takes more memory than the program has", e);
    }
  }
}
