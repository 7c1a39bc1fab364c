package org.vnca.train.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vnca.base.image.ImageShape;

class SheetsTest {
  private static final int WHITE = 0xffffff;
  private static final int BLACK = 0;
  private static final int GROUND = 0x808080;
  private static final int MARGIN = 0x202020;
  private static final int INK = 0xf0f0f0;
  private static final int MARK = 0xffa000;

  @Test
  void usualTiling_showsDigitsThreefold() {
    assertThat(Tiling.fit(new ImageShape(28, 28, 1))).isEqualTo(new Tiling(3, 2));
    assertThat(Tiling.fit(new ImageShape(32, 32, 1)).zoom()).isEqualTo(3);
    assertThat(Tiling.fit(new ImageShape(64, 64, 3)).zoom()).isEqualTo(2);
    assertThat(Tiling.fit(new ImageShape(512, 256, 3)).zoom()).isEqualTo(1);
  }

  @Test
  void grid_ofThree_leavesTheFourthCellToTheGround() {
    List<PixelImage> images = List.of(flat(2, 0), flat(2, 1), flat(2, 0));
    BufferedImage picture = Sheets.grid(images, 2, new Tiling(3, 1));
    assertThat(picture.getWidth()).isEqualTo(1 + 2 * (2 * 3 + 1));
    assertThat(picture.getHeight()).isEqualTo(1 + 2 * (2 * 3 + 1));
    assertThat(at(picture, 0, 0)).as("gap around").isEqualTo(GROUND);
    assertThat(at(picture, 1, 1)).as("first tile").isEqualTo(BLACK);
    assertThat(at(picture, 6, 6)).as("first tile's last pixel").isEqualTo(BLACK);
    assertThat(at(picture, 7, 3)).as("gap between").isEqualTo(GROUND);
    assertThat(at(picture, 8, 1)).as("second tile").isEqualTo(WHITE);
    assertThat(at(picture, 13, 6)).as("second tile's last pixel").isEqualTo(WHITE);
    assertThat(at(picture, 1, 8)).as("third tile, next row").isEqualTo(BLACK);
    assertThat(at(picture, 10, 10)).as("no fourth tile").isEqualTo(GROUND);
  }

  @Test
  void labelledRows_haveTheirNamesInTheMargin() {
    List<LabelledRow> rows =
        List.of(
            new LabelledRow("I", List.of(flat(10, 0), flat(10, 0))),
            new LabelledRow("", List.of(flat(10, 1))));
    BufferedImage picture = Sheets.labelledRows(rows, new Tiling(2, 2));
    int margin = 5 * 2 + 2 * 8;
    assertThat(picture.getWidth()).isEqualTo(margin + 2 + 2 * 22);
    assertThat(at(picture, 0, 0)).isEqualTo(MARGIN);
    assertThat(at(picture, margin, 0)).isEqualTo(GROUND);
    assertThat(at(picture, margin + 2, 2)).isEqualTo(BLACK);
    assertThat(at(picture, margin + 2, 24)).isEqualTo(WHITE);
    assertThat(at(picture, margin + 24, 24)).as("shorter row").isEqualTo(GROUND);
    assertThat(letter(picture, 8, 2 + 3, 5, 7))
        .containsExactly(".###.", "..#..", "..#..", "..#..", "..#..", "..#..", ".###.");
    assertThat(letter(picture, 8, 24 + 3, 5, 7)).containsOnly(".....");
  }

  @Test
  void label_withALetterThatHasNoDots_showsAQuestionMark() {
    List<PixelImage> images = List.of(flat(10, 0));
    BufferedImage beta =
        Sheets.labelledRows(List.of(new LabelledRow("β", images)), new Tiling(2, 2));
    BufferedImage mark =
        Sheets.labelledRows(List.of(new LabelledRow("?", images)), new Tiling(2, 2));
    assertThat(letter(beta, 8, 5, 5, 7)).isEqualTo(letter(mark, 8, 5, 5, 7));
  }

  @Test
  void growth_byStage_startsARowAtEachDoubling() {
    List<PixelImage> states = List.of(flat(1, 1), flat(1, 1), flat(2, 0), flat(2, 1), flat(4, 0));
    BufferedImage picture = GrowthStrip.byStage(states, new Tiling(1, 1));
    assertThat(picture.getWidth()).isEqualTo(1 + 2 * 5);
    assertThat(picture.getHeight()).isEqualTo(1 + 3 * 5);
    assertThat(at(picture, 1, 1)).as("1x1 at the size of 4x4").isEqualTo(WHITE);
    assertThat(at(picture, 4, 4)).as("1x1 at the size of 4x4").isEqualTo(WHITE);
    assertThat(at(picture, 0, 0)).as("the first state is no doubling").isEqualTo(GROUND);
    assertThat(at(picture, 1, 6)).as("doubled").isEqualTo(BLACK);
    assertThat(at(picture, 0, 7)).as("the frame of a doubling").isEqualTo(MARK);
    assertThat(at(picture, 6, 6)).as("a step after it").isEqualTo(WHITE);
    assertThat(at(picture, 10, 7)).as("no frame around a step").isEqualTo(GROUND);
    assertThat(at(picture, 1, 11)).as("doubled again").isEqualTo(BLACK);
    assertThat(at(picture, 7, 12)).as("nothing after it").isEqualTo(GROUND);
  }

  @Test
  void refusals_giveTheRuleAndWhatWasFound() {
    Tiling tiling = new Tiling(1, 1);
    assertThatThrownBy(() -> Sheets.grid(List.of(), 1, tiling))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sheet needs at least one image, but has none");
    assertThatThrownBy(() -> Sheets.grid(List.of(flat(1, 0)), 0, tiling))
        .hasMessage("a grid needs columns >= 1, but has 0");
    assertThatThrownBy(() -> Sheets.grid(List.of(flat(1, 0), flat(2, 0)), 1, tiling))
        .hasMessage("a sheet needs images of one shape, but has 1x1 and 2x2");
    assertThatThrownBy(() -> new LabelledRow("mean", List.of()))
        .hasMessage("row \"mean\" must have an image, but is empty");
    assertThatThrownBy(() -> GrowthStrip.byStage(List.of(), tiling))
        .hasMessage("a growth strip needs at least one state, but has none");
    assertThatThrownBy(() -> GrowthStrip.byStage(List.of(flat(2, 0), flat(3, 0)), tiling))
        .hasMessage(
            "a growth strip needs states that grow by whole factors,"
                + " but has 2x2, then 2x2, and at the end 3x3");
    assertThatThrownBy(() -> new Tiling(0, 1))
        .hasMessage("a tiling needs zoom >= 1 and gap >= 0, but zoom is 0 and gap is 1");
  }

  private static PixelImage flat(int side, float value) {
    float[] values = new float[side * side];
    Arrays.fill(values, value);
    return PixelImage.of(values, new ImageShape(side, side, 1));
  }

  private static int at(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xffffff;
  }

  /** The dots, of 2 x 2 pixels, from the upper left corner (left, top). */
  private static List<String> letter(BufferedImage picture, int left, int top, int wide, int high) {
    return IntStream.range(0, high)
        .mapToObj(
            y -> {
              StringBuilder row = new StringBuilder();
              for (int x = 0; x < wide; x++) {
                row.append(at(picture, left + 2 * x, top + 2 * y) == INK ? '#' : '.');
              }
              return row.toString();
            })
        .toList();
  }
}
