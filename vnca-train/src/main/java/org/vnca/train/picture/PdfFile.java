package org.vnca.train.picture;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceGray;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceRGB;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.util.Matrix;
import org.vnca.base.file.Reason;

/**
 * A drawing as a PDF of one page as large as the drawing: text is text in an embedded typeface,
 * curves are paths, tiles are images that are not smoothed. It has no date in it, so that the same
 * drawing is the same file.
 */
final class PdfFile implements Canvas {
  /** How far the control points of a quarter of a circle are from its ends, in radii. */
  private static final double QUARTER = 0.5522847498;

  private final PDDocument document;
  private final PDPageContentStream content;
  private final PDFont font;
  private final double height;
  private final Map<PixelImage, PDImageXObject> images = new HashMap<>();
  private final Map<Double, PDExtendedGraphicsState> opacities = new HashMap<>();

  private PdfFile(PDDocument document, PDPageContentStream content, double height)
      throws IOException {
    this.document = document;
    this.content = content;
    this.height = height;
    this.font = PDType0Font.load(document, new ByteArrayInputStream(Typeface.SANS.file()), true);
  }

  /** The file's bytes. */
  static byte[] encode(Drawing drawing, Map<String, String> notes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(new PDRectangle((float) drawing.width(), (float) drawing.height()));
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        drawing.onto(new PdfFile(document, content, drawing.height()));
      }
      document.setDocumentInformation(information(notes));
      // In place of one made of the time of day.
      document.setDocumentId((long) new TreeMap<>(notes).hashCode());
      document.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a PDF in memory: " + Reason.of(e), e);
    }
    return out.toByteArray();
  }

  private static PDDocumentInformation information(Map<String, String> notes) {
    PDDocumentInformation information = new PDDocumentInformation();
    information.setCreator("vnca-java");
    new TreeMap<>(notes)
        .forEach(
            (key, text) -> {
              switch (key) {
                case PictureFile.TITLE -> information.setTitle(text);
                case PictureFile.CAPTION -> information.setSubject(text);
                default -> information.setCustomMetadataValue(key, text);
              }
            });
    return information;
  }

  @Override
  public void box(Mark.Box box) {
    quietly(
        () -> {
          ink(box.ink());
          content.addRect(
              (float) box.left(),
              y(box.top() + box.height()),
              (float) box.width(),
              (float) box.height());
          content.fill();
        });
  }

  @Override
  public void area(Mark.Area area) {
    quietly(
        () -> {
          ink(area.ink());
          for (double[] contour : area.contours()) {
            path(contour);
            content.closePath();
          }
          content.fill();
        });
  }

  @Override
  public void line(Mark.Line line) {
    quietly(
        () -> {
          ink(line.ink());
          content.setLineWidth((float) line.width());
          content.setLineCapStyle(1);
          content.setLineJoinStyle(1);
          content.setLineDashPattern(floats(line.dashes()), 0);
          path(line.points());
          content.stroke();
        });
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private void path(double[] points) throws IOException {
    content.moveTo((float) points[0], y(points[1]));
    for (int i = 2; i < points.length; i += 2) {
      content.lineTo((float) points[i], y(points[i + 1]));
    }
  }

  @Override
  public void disc(Mark.Disc disc) {
    quietly(
        () -> {
          ink(disc.ink());
          float x = (float) disc.x();
          float y = y(disc.y());
          float r = (float) disc.radius();
          float c = (float) (QUARTER * disc.radius());
          content.moveTo(x + r, y);
          content.curveTo(x + r, y + c, x + c, y + r, x, y + r);
          content.curveTo(x - c, y + r, x - r, y + c, x - r, y);
          content.curveTo(x - r, y - c, x - c, y - r, x, y - r);
          content.curveTo(x + c, y - r, x + r, y - c, x + r, y);
          content.fill();
        });
  }

  @Override
  public void text(Mark.Text text) {
    if (text.words().isBlank()) {
      return;
    }
    quietly(
        () -> {
          ink(text.ink());
          content.beginText();
          content.setFont(font, (float) text.size());
          float along = (float) -text.before();
          content.setTextMatrix(
              text.upwards()
                  ? new Matrix(0, 1, -1, 0, (float) text.x(), y(text.y()) + along)
                  : Matrix.getTranslateInstance((float) text.x() + along, y(text.y())));
          content.showText(text.words());
          content.endText();
        });
  }

  @Override
  public void tile(Mark.Tile tile) {
    quietly(
        () -> {
          PDImageXObject image = images.get(tile.image());
          if (image == null) {
            image = image(Enlarged.of(tile.image()));
            images.put(tile.image(), image);
          }
          content.drawImage(
              image,
              (float) tile.left(),
              y(tile.top() + tile.height()),
              (float) tile.width(),
              (float) tile.height());
        });
  }

  /** Some programs smooth what they enlarge less than four times, whatever they are told. */
  private PDImageXObject image(Pixels image) throws IOException {
    boolean grey = image.grey();
    PDImageXObject made =
        new PDImageXObject(
            document,
            new ByteArrayInputStream(Deflate.zlib(image.samples(grey ? 1 : 3))),
            COSName.FLATE_DECODE,
            image.width(),
            image.height(),
            8,
            grey ? PDDeviceGray.INSTANCE : PDDeviceRGB.INSTANCE);
    made.setInterpolate(false);
    return made;
  }

  @Override
  public void clipped(Mark.Clipped clipped) {
    quietly(
        () -> {
          Mark.Box frame = clipped.frame();
          content.saveGraphicsState();
          content.addRect(
              (float) frame.left(),
              y(frame.top() + frame.height()),
              (float) frame.width(),
              (float) frame.height());
          content.clip();
        });
    clipped.marks().forEach(mark -> mark.onto(this));
    quietly(content::restoreGraphicsState);
  }

  /** A PDF's heights go from the bottom to the top. */
  private float y(double y) {
    return (float) (height - y);
  }

  private void ink(Ink ink) throws IOException {
    float red = (ink.rgb() >> 16) / 255f;
    float green = (ink.rgb() >> 8 & 0xff) / 255f;
    float blue = (ink.rgb() & 0xff) / 255f;
    content.setNonStrokingColor(red, green, blue);
    content.setStrokingColor(red, green, blue);
    PDExtendedGraphicsState state = opacities.get(ink.opacity());
    if (state == null) {
      state = new PDExtendedGraphicsState();
      state.setNonStrokingAlphaConstant((float) ink.opacity());
      state.setStrokingAlphaConstant((float) ink.opacity());
      opacities.put(ink.opacity(), state);
    }
    content.setGraphicsStateParameters(state);
  }

  /** PDFBox writes to memory here, where nothing can fail but the program. */
  private static void quietly(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a PDF in memory: " + Reason.of(e), e);
    }
  }

  private interface Writing {
    void write() throws IOException;
  }
}
