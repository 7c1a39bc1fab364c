package org.vnca.train.picture;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** As what a drawing is written. */
public enum PictureFormat {
  /** Pixels. */
  PNG,
  /** Vectors for the web. */
  SVG,
  /** Vectors for a paper. */
  PDF;

  /** As it is written, and as files of it end. */
  public String ending() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** That of a name. */
  public static Optional<PictureFormat> of(String name) {
    return Arrays.stream(values()).filter(format -> format.ending().equals(name)).findFirst();
  }

  /** That of a file by its ending. */
  public static Optional<PictureFormat> of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return of(name.substring(name.lastIndexOf('.') + 1));
  }

  /** The names of all. */
  public static List<String> names() {
    return Arrays.stream(values()).map(PictureFormat::ending).toList();
  }

  /**
   * The file's bytes, the same for the same drawing.
   *
   * @param least pixels to a point at least, of a PNG
   * @param notes by key; {@link PictureFile#TITLE} and {@link PictureFile#CAPTION} where the format
   *     has a place for them
   * @throws PictureException if it is too large for the format
   */
  public byte[] encode(Drawing drawing, double least, Map<String, String> notes) {
    return switch (this) {
      case PNG -> PictureFile.png(drawing, least, notes);
      case SVG -> SvgFile.encode(drawing, notes);
      case PDF -> {
        PictureException.requirePdf(drawing);
        yield PdfFile.encode(drawing, notes);
      }
    };
  }
}
