package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.spec.InvalidSetting;

class TileSheetTest {
  private static PixelImage flat(int side, float value) {
    float[] values = new float[side * side];
    Arrays.fill(values, value);
    return PixelImage.of(values, new ImageShape(side, side, 1));
  }

  private static List<PixelImage> many(int count, int side) {
    return Collections.nCopies(count, flat(side, 0));
  }

  @Test
  void tilesOfAScreen_haveWholePixels() {
    for (int side : new int[] {28, 32, 64}) {
      Drawing drawing = TileSheet.of(many(6, side), 3).draw(Room.free());
      double tile = drawing.tiles().get(0).width();
      assertThat(2 * tile / side).isEqualTo(Math.max(1, 96 / side));
      assertThat(Scale.of(drawing, Room.free().resolution())).isEqualTo(2);
      for (Mark.Tile each : drawing.tiles()) {
        assertThat(2 * each.left() % 1).isZero();
        assertThat(2 * each.top() % 1).isZero();
      }
    }
    assertThat(TileSheet.of(many(1, 512), 1).draw(Room.free()).tiles().get(0).width())
        .isEqualTo(256);
  }

  @Test
  void rows_areFilledFromTheLeft_andNothingOverlaps() {
    List<Mark.Tile> tiles = TileSheet.of(many(5, 8), 2).draw(Room.free()).tiles();
    assertThat(tiles).hasSize(5);
    assertThat(tiles.get(4).left()).isEqualTo(tiles.get(0).left());
    assertThat(tiles.get(1).left()).isGreaterThan(tiles.get(0).left() + tiles.get(0).width());
    assertThat(tiles.get(2).top()).isGreaterThan(tiles.get(0).top() + tiles.get(0).height());
    assertThat(TileSheet.columns(64)).isEqualTo(8);
    assertThat(TileSheet.columns(30)).isEqualTo(6);
    assertThat(TileSheet.columns(7)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {30, 85, 174})
  void sheet_isAsWideAsAColumn_andNoLabelIsOutside(double millimetres) {
    Room room = Room.millimetres(millimetres);
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "t=" + 100 * i).toList();
    Drawing drawing =
        new TileSheet()
            .row("original", many(12, 28))
            .row("much later", many(12, 28), List.of(3))
            .columns(names)
            .draw(room);
    assertThat(drawing.width()).isCloseTo(millimetres * 72 / 25.4, within(1e-9));
    assertThat(drawing.texts()).extracting(Mark.Text::words).contains("original", "t=0");
    for (Mark.Text text : drawing.texts()) {
      double[] covered = text.covered();
      assertThat(covered[0]).as(text.words()).isGreaterThanOrEqualTo(-1e-9);
      assertThat(covered[1]).as(text.words()).isGreaterThanOrEqualTo(-TileSheet.TEXT / 4);
      assertThat(covered[2]).as(text.words()).isLessThanOrEqualTo(drawing.width() + 1e-9);
      assertThat(covered[3]).as(text.words()).isLessThanOrEqualTo(drawing.height() + 1e-9);
    }
    double scale = Scale.of(drawing, room.resolution());
    double pixel = drawing.tiles().get(0).width() / 28 * scale;
    assertThat(pixel).isCloseTo(Math.rint(pixel), within(1e-6)).isGreaterThanOrEqualTo(1 - 1e-6);
    assertThat(scale * 72).isGreaterThanOrEqualTo(300 - 1e-6);
  }

  @Test
  void columnNames_thatWouldOverlap_areLeftOut() {
    List<String> names = IntStream.range(0, 45).mapToObj(Integer::toString).toList();
    Drawing drawing =
        new TileSheet().row("", many(45, 32)).columns(names).draw(Room.millimetres(85));
    List<Mark.Text> above = drawing.texts().stream().filter(t -> !t.words().isEmpty()).toList();
    assertThat(above).hasSizeBetween(4, 20);
    for (int i = 1; i < above.size(); i++) {
      assertThat(above.get(i).covered()[0]).isGreaterThan(above.get(i - 1).covered()[2]);
    }
  }

  @Test
  void growth_startsARowAtEachDoubling_andFramesIt() {
    Drawing drawing = GrowthSheet.of(List.of(many(3, 1), many(2, 2), many(3, 4))).draw(Room.free());
    assertThat(drawing.texts()).extracting(Mark.Text::words).contains("1\u00d71", "4\u00d74");
    List<Mark.Tile> tiles = drawing.tiles();
    assertThat(tiles).extracting(Mark.Tile::width).containsOnly(tiles.get(0).width());
    assertThat(tiles.get(3).left()).isEqualTo(tiles.get(0).left());
    List<Mark> frames = drawing.marks().stream().filter(mark -> mark instanceof Mark.Box).toList();
    assertThat(frames).hasSize(2);
    assertThat(((Mark.Box) frames.get(0)).top()).isLessThan(tiles.get(3).top());
    assertThat(((Mark.Box) frames.get(0)).top()).isGreaterThan(tiles.get(0).top());
    Drawing one = GrowthSheet.of(List.of(many(50, 4))).draw(Room.free());
    assertThat(one.texts()).extracting(Mark.Text::words).contains("step 0", "step 24", "step 48");
  }

  @Test
  void refusals_giveTheRuleAndWhatWasFound() {
    assertThatThrownBy(() -> new TileSheet().draw(Room.free()))
        .hasMessage("a sheet needs an image, but has none");
    assertThatThrownBy(
            () -> new TileSheet().row("", List.of(flat(2, 0), flat(3, 0))).draw(Room.free()))
        .hasMessage(
            "a sheet's images must be the largest divided by whole numbers, but one is 2x2 and the largest 3x3");
    assertThatThrownBy(() -> Room.millimetres(5))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("width must be from 20 to 2000 mm, but is 5.0");
  }
}
