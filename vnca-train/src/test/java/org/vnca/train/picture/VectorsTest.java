package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** SVG and PDF files, as other readers see them. */
class VectorsTest {
  private static final Map<String, String> NOTES =
      Map.of("title", "A <title>", "caption", "What & why: \u03b2 = 1", "run", "mnist");

  @TempDir Path folder;

  private static Document svg(Drawing drawing) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(SvgFile.encode(drawing, NOTES)));
  }

  private static List<Element> all(Document svg, String name) {
    NodeList found = svg.getElementsByTagNameNS("http://www.w3.org/2000/svg", name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  @Test
  void svg_hasTextAsText_curvesAsPaths_andNotes() throws Exception {
    Document svg = svg(Pages.page());
    assertThat(all(svg, "text"))
        .extracting(Element::getTextContent)
        .containsExactly("Growth 0123 (a&b<c>)", "middle \u2212\u00d7", "upwards");
    assertThat(all(svg, "text").get(2).getAttribute("transform")).isEqualTo("rotate(-90 12 90)");
    assertThat(all(svg, "text").get(0).getAttribute("textLength"))
        .isEqualTo(SvgFile.number(Pages.page().texts().get(0).length()));
    assertThat(all(svg, "path")).hasSize(3);
    assertThat(all(svg, "path").get(2).getAttribute("stroke-dasharray")).isEqualTo("5 3");
    assertThat(all(svg, "title").get(0).getTextContent()).isEqualTo("A <title>");
    assertThat(all(svg, "desc").get(0).getTextContent()).isEqualTo("What & why: \u03b2 = 1");
    assertThat(all(svg, "metadata").get(0).getTextContent()).isEqualTo("mnist");
    Element root = svg.getDocumentElement();
    assertThat(root.getAttribute("width")).isEqualTo("63.5mm");
    assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 180 140");
  }

  @Test
  void svg_hasTilesAsPngs_thatAreNotSmoothed() throws Exception {
    List<Element> images = all(svg(Pages.page()), "image");
    assertThat(images).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(images.get(i).getAttribute("style")).isEqualTo("image-rendering:pixelated");
      assertThat(images.get(i).getAttribute("image-rendering")).isEqualTo("optimizeSpeed");
      String data = images.get(i).getAttributeNS("http://www.w3.org/1999/xlink", "href");
      assertThat(data).startsWith("data:image/png;base64,");
      byte[] png = Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1));
      assertSame(ImageIO.read(new ByteArrayInputStream(png)), i);
    }
  }

  /** Each pixel is a square, of one pixel or of more. */
  private static void assertSame(BufferedImage read, int which) {
    PixelImage image = which == 0 ? Pages.GREY : Pages.COLOUR;
    int times = read.getWidth() / image.width();
    assertThat(read.getHeight()).isEqualTo(times * image.height());
    for (int y = 0; y < read.getHeight(); y++) {
      for (int x = 0; x < read.getWidth(); x++) {
        int found =
            which == 0
                ? read.getRaster().getSample(x, y, 0) * 0x010101
                : read.getRGB(x, y) & 0xffffff;
        assertThat(found).isEqualTo(image.rgb(x / times, y / times));
      }
    }
  }

  @Test
  void pdf_hasTextAsText_inAnEmbeddedTypeface_andNotes() throws IOException {
    try (PDDocument document = Loader.loadPDF(PdfFile.encode(Pages.page(), NOTES))) {
      assertThat(document.getNumberOfPages()).isOne();
      PDPage page = document.getPage(0);
      assertThat(page.getMediaBox().getWidth()).isCloseTo(180, within(1e-3f));
      assertThat(page.getMediaBox().getHeight()).isCloseTo(140, within(1e-3f));
      assertThat(new PDFTextStripper().getText(document))
          .contains("Growth 0123 (a&b<c>)")
          .contains("middle \u2212\u00d7");
      for (COSName name : page.getResources().getFontNames()) {
        assertThat(page.getResources().getFont(name).isEmbedded()).isTrue();
        assertThat(page.getResources().getFont(name).getName()).endsWith("+LiberationSans");
      }
      assertThat(document.getDocumentInformation().getTitle()).isEqualTo("A <title>");
      assertThat(document.getDocumentInformation().getSubject()).isEqualTo(NOTES.get("caption"));
      assertThat(document.getDocumentInformation().getCustomMetadataValue("run"))
          .isEqualTo("mnist");
      assertThat(document.getDocumentInformation().getCreationDate()).isNull();
    }
  }

  @Test
  void pdf_hasTilesAsImages_thatAreNotSmoothed() throws IOException {
    try (PDDocument document = Loader.loadPDF(PdfFile.encode(Pages.page(), NOTES))) {
      int found = 0;
      for (COSName name : document.getPage(0).getResources().getXObjectNames()) {
        PDImageXObject image = (PDImageXObject) document.getPage(0).getResources().getXObject(name);
        assertThat(image.getInterpolate()).isFalse();
        assertThat(image.getWidth()).isGreaterThanOrEqualTo(192);
        assertSame(image.getImage(), found++);
      }
      assertThat(found).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(PictureFormat.class)
  void file_isTheSameTwice_andAppearsWhole(PictureFormat format) throws IOException {
    Path one = folder.resolve("new/one." + format.ending());
    Path two = folder.resolve("two." + format.ending());
    assertThat(PictureFormat.of(one)).contains(format);
    PictureFile.write(one, Pages.page(), format, Room.free(), NOTES);
    PictureFile.write(two, Pages.page(), format, Room.free(), NOTES);
    assertThat(one).hasSameBinaryContentAs(two);
    assertThat(one.getParent()).isDirectoryNotContaining("glob:**/.*");
    Path taken = Files.createDirectories(folder.resolve("taken." + format.ending()));
    Files.createFile(taken.resolve("something"));
    assertThatThrownBy(() -> PictureFile.write(taken, Pages.page(), format, Room.free(), NOTES))
        .isInstanceOf(PictureException.class)
        .hasMessage("cannot write picture " + taken + ": it is a folder; name a file in it");
  }

  @Test
  void whatIsTooLarge_isRefusedInOneLine() {
    Drawing long_ = new Drawing.Builder().of(100, 20_000);
    assertThatThrownBy(() -> PictureFormat.PDF.encode(long_, 2, Map.of()))
        .isInstanceOf(PictureException.class)
        .hasMessageStartingWith("a page of a PDF is at most 5,080 mm long, but this one would be");
    Drawing huge = new Drawing.Builder().of(20_000, 20_000);
    assertThatThrownBy(() -> PictureFormat.PNG.encode(huge, 2, Map.of()))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("this one would have 1,600,000,000");
  }
}
