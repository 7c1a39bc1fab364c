package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RasterTest {
  private static final int WHITE = 0xffffff;
  private static final Ink INK = new Ink(0);

  private static Raster draw(Mark mark, double scale) {
    return Raster.of(new Drawing.Builder().add(mark).of(20, 20), scale);
  }

  /** How many pixels' worth of ink there is, white having none. */
  private static double ink(Raster raster) {
    double ink = 0;
    for (int y = 0; y < raster.height(); y++) {
      for (int x = 0; x < raster.width(); x++) {
        ink += 1 - (raster.rgb(x, y) & 0xff) / 255.0;
      }
    }
    return ink;
  }

  /**
   * The same bytes on every machine and in every Java: this sum is that of the machine on which the
   * test was written, with Java 17.
   */
  @Test
  void png_isTheSameEverywhere() throws NoSuchAlgorithmException {
    byte[] png = PictureFormat.PNG.encode(Pages.page(), 300 / 72.0, Map.of("caption", "\u03b2"));
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(png)))
        .isEqualTo("d695742c09c48c8755b7ad72827267ad50043a64fa3755065d1057700761add7");
  }

  @Test
  void box_coversPartsOfPixels() {
    Raster raster = draw(new Mark.Box(2.5, 3, 2, 1.5, INK), 1);
    assertThat(raster.rgb(2, 3) & 0xff).isEqualTo(128);
    assertThat(raster.rgb(3, 3)).isEqualTo(0);
    assertThat(raster.rgb(4, 3) & 0xff).isEqualTo(128);
    assertThat(raster.rgb(3, 4) & 0xff).isEqualTo(128);
    assertThat(raster.rgb(2, 4) & 0xff).isEqualTo(191);
    assertThat(raster.rgb(5, 3)).isEqualTo(WHITE);
    assertThat(ink(draw(new Mark.Box(2.5, 3, 2, 1.5, INK), 4))).isCloseTo(3 * 16, within(0.1));
  }

  @Test
  void disc_hasItsArea_andWhatIsSeenThroughIsMixed() {
    assertThat(ink(draw(new Mark.Disc(10, 10, 6, INK), 2)))
        .isCloseTo(4 * Math.PI * 36, within(4.0 * 2));
    Raster pale = draw(new Mark.Box(0, 0, 20, 20, new Ink(0xff0000, 0.25)), 1);
    assertThat(pale.rgb(5, 5)).isEqualTo(0xffbfbf);
  }

  @Test
  void line_thatTurnsBackOnItself_isNotCutOut() {
    double[] there = {4, 10, 16, 10};
    double[] andBack = {4, 10, 16, 10, 4, 10, 16, 10.01};
    double once = ink(draw(new Mark.Line(there, 3, List.of(), INK), 3));
    assertThat(once).isCloseTo(9 * (12 * 3 + Math.PI * 1.5 * 1.5), within(3.0));
    assertThat(ink(draw(new Mark.Line(andBack, 3, List.of(), INK), 3)))
        .isCloseTo(once, within(1.0));
  }

  @Test
  void dashes_leaveGaps_alsoAcrossCorners() {
    double[] corner = {2, 2, 14, 2, 14, 14};
    double solid = ink(draw(new Mark.Line(corner, 1, List.of(), INK), 8));
    double dashed = ink(draw(new Mark.Line(corner, 1, List.of(2.0, 2.0), INK), 8));
    // A dash of 2 with two round ends, in every 4.
    assertThat(dashed / solid).isCloseTo((2 + Math.PI / 4) / 4, within(0.05));
    assertThat(Dashes.of(corner, List.of(5.0, 3.0))).hasSize(3);
    assertThat(Dashes.of(corner, List.of(5.0, 3.0)).get(1)).containsExactly(10, 2, 14, 2, 14, 3);
  }

  @Test
  void areaWithAHole_isFilledWhereItIsWoundAround() {
    double[] outer = {2, 2, 18, 2, 18, 18, 2, 18};
    double[] sameWay = {6, 6, 14, 6, 14, 14, 6, 14};
    double[] otherWay = {6, 6, 6, 14, 14, 14, 14, 6};
    assertThat(ink(draw(new Mark.Area(List.of(outer, sameWay), INK), 1))).isEqualTo(256);
    assertThat(ink(draw(new Mark.Area(List.of(outer, otherWay), INK), 1))).isEqualTo(192);
  }

  @Test
  void letters_areRealOnes_insideWhatTheySayTheyCover() {
    for (boolean upwards : new boolean[] {false, true}) {
      for (Mark.Side side : Mark.Side.values()) {
        Mark.Text text = new Mark.Text("\u00c5gj", 10, 10, 4, side, upwards, INK);
        Raster raster = draw(text, 10);
        double[] covered = text.covered();
        int inside = 0;
        for (int y = 0; y < 200; y++) {
          for (int x = 0; x < 200; x++) {
            if (raster.rgb(x, y) != WHITE) {
              assertThat(x / 10.0).isBetween(covered[0] - 0.3, covered[2] + 0.3);
              assertThat(y / 10.0).isBetween(covered[1] - 0.1, covered[3] + 0.1);
              inside++;
            }
          }
        }
        assertThat(inside).isGreaterThan(500);
      }
    }
    assertThat(letter("A")).isNotEqualTo(letter("B")).isNotEqualTo(letter("?"));
    assertThat(letter("\u03b2")).isNotEqualTo(letter("?"));
    assertThat(letter("\ud83d\ude00")).isEqualTo(letter("?"));
    // A hole: the middle of an O is white.
    Raster round = draw(new Mark.Text("O", 2, 15, 16, Mark.Side.START, false, INK), 1);
    assertThat(round.rgb(8, 9)).isEqualTo(WHITE);
    assertThat(ink(round)).isGreaterThan(30);
  }

  private static String letter(String letter) {
    Raster raster = draw(new Mark.Text(letter, 5, 15, 10, Mark.Side.START, false, INK), 2);
    StringBuilder pixels = new StringBuilder();
    for (int i = 0; i < 1600; i++) {
      pixels.append(raster.rgb(i % 40, i / 40)).append(' ');
    }
    return pixels.toString();
  }

  @Test
  void tile_showsPixelsAsSquares_andNothingInBetween() {
    Raster raster = draw(new Mark.Tile(Pages.COLOUR, 2, 3, 12, 12), 2);
    for (int y = 0; y < 24; y++) {
      for (int x = 0; x < 24; x++) {
        assertThat(raster.rgb(4 + x, 6 + y)).isEqualTo(Pages.COLOUR.rgb(x / 6, y / 6));
      }
    }
    assertThat(raster.rgb(3, 6)).isEqualTo(WHITE);
    assertThat(raster.rgb(28, 6)).isEqualTo(WHITE);
  }

  @Test
  void clipped_endsAtTheFrame() {
    Mark.Box frame = new Mark.Box(5, 5, 4, 6, INK);
    Raster raster = draw(new Mark.Clipped(frame, List.of(new Mark.Box(0, 0, 20, 20, INK))), 1);
    assertThat(ink(raster)).isEqualTo(24);
    Drawing both =
        new Drawing.Builder()
            .add(new Mark.Clipped(frame, List.of(new Mark.Tile(Pages.GREY, 0, 0, 20, 20))))
            .add(new Mark.Box(0, 0, 1, 1, INK))
            .of(20, 20);
    assertThat(Raster.of(both, 1).rgb(0, 0)).as("the next is not clipped").isEqualTo(0);
    assertThat(Raster.of(both, 1).rgb(4, 5)).isEqualTo(WHITE);
  }
}
