package org.vnca.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.vnca.train.picture.Drawing;
import org.vnca.train.picture.Mark;
import org.vnca.train.picture.Panel;
import org.vnca.train.picture.PictureFile;
import org.vnca.train.picture.PictureFormat;
import org.vnca.train.picture.Room;
import org.w3c.dom.NodeList;

/** Pages as other readers see them. */
final class Written {
  private Written() {}

  /** In every format the page can be read, has all its words, and is the same twice. */
  static void requireLegible(String title, List<? extends Panel> panels, String caption, Room room)
      throws Exception {
    Drawing page = Page.of(title, panels, caption, room, true);
    if (room.filled()) {
      assertThat(page.width()).isEqualTo(room.width());
    }
    for (Mark.Text text : page.texts()) {
      double[] covered = text.covered();
      assertThat(covered[0]).as(text.words()).isGreaterThanOrEqualTo(-0.01);
      assertThat(covered[1]).as(text.words()).isGreaterThanOrEqualTo(-0.01);
      assertThat(covered[2]).as(text.words()).isLessThanOrEqualTo(page.width() + 0.01);
      assertThat(covered[3]).as(text.words()).isLessThanOrEqualTo(page.height() + 0.01);
    }
    List<String> words =
        page.texts().stream().map(Mark.Text::words).filter(text -> !text.isBlank()).toList();
    assertThat(String.join(" ", words)).startsWith(title).endsWith(caption);
    Map<String, String> notes = Map.of(PictureFile.TITLE, title, PictureFile.CAPTION, caption);
    for (PictureFormat format : PictureFormat.values()) {
      byte[] bytes = format.encode(page, room.resolution(), notes);
      if (room.filled()) {
        assertThat(format.encode(page, room.resolution(), notes)).isEqualTo(bytes);
      }
      switch (format) {
        case PNG -> png(page, bytes);
        case SVG -> assertThat(svg(bytes)).isEqualTo(words);
        case PDF -> pdf(page, bytes, words);
      }
    }
    Drawing bare = Page.of(title, panels, caption, room, false);
    assertThat(bare.height()).isLessThan(page.height());
    assertThat(bare.texts()).extracting(Mark.Text::words).doesNotContain(title);
  }

  private static void png(Drawing page, byte[] bytes) throws Exception {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(bytes));
    assertThat((double) picture.getWidth() / picture.getHeight())
        .isBetween(0.98 * page.width() / page.height(), 1.02 * page.width() / page.height());
    // No title or caption reaches the middle.
    int from = picture.getHeight() / 3;
    int to = 2 * picture.getHeight() / 3;
    int found = 0;
    for (int y = from; y < to; y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        found += (picture.getRGB(x, y) & 0xffffff) == 0xffffff ? 0 : 1;
      }
    }
    assertThat(found / (double) (picture.getWidth() * (to - from))).isGreaterThan(0.003);
  }

  private static List<String> svg(byte[] bytes) throws Exception {
    NodeList texts =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(bytes))
            .getElementsByTagName("text");
    return IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .toList();
  }

  private static void pdf(Drawing page, byte[] bytes, List<String> words) throws Exception {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      String text = new PDFTextStripper().getText(document).replaceAll("\\s+", "");
      for (String word : words) {
        assertThat(text).contains(word.replaceAll("\\s+", "").substring(0, 1));
      }
      assertThat(text.length())
          .isEqualTo(words.stream().mapToInt(word -> word.replaceAll("\\s+", "").length()).sum());
      assertThat((double) document.getPage(0).getMediaBox().getWidth())
          .isBetween(page.width() - 0.01, page.width() + 0.01);
    }
  }
}
