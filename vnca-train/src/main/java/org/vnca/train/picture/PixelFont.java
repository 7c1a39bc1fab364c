package org.vnca.train.picture;

import java.awt.Color;
import java.awt.Graphics2D;

/**
 * Lettering of 5 x 7 dots for printable ASCII.
 *
 * <p>A server's Java runtime often has no font at all, and then fails at the first letter; a
 * training run must not end for want of a label.
 */
public final class PixelFont {
  private static final int DOTS_WIDE = 5;
  private static final int DOTS_HIGH = 7;
  private static final char FIRST = ' ';

  /** A letter is five columns, left to right, of two hexadecimal digits; bit 0 is the top dot. */
  private static final String COLUMNS =
      // blank to /
      "0000000000 00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649562050 0005030000 "
          + "001c224100 0041221c00 14083e0814 08083e0808 0050300000 0808080808 0060600000 2010080402 "
          // 0 to ?
          + "3e5149453e 00427f4000 4261514946 2141454b31 1814127f10 2745454539 3c4a494930 0171090503 "
          + "3649494936 064949291e 0036360000 0056360000 0814224100 1414141414 0041221408 0201510906 "
          // @ to O
          + "324979413e 7e1111117e 7f49494936 3e41414122 7f4141221c 7f49494941 7f09090901 3e4149497a "
          + "7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f020c027f 7f0408107f 3e4141413e "
          // P to _
          + "7f09090906 3e4151215e 7f09192946 4649494931 01017f0101 3f4040403f 1f2040201f 3f4038403f "
          + "6314081463 0708700807 6151494543 007f414100 0204081020 0041417f00 0402010204 4040404040 "
          // ` to o
          + "0001020400 2054545478 7f48444438 3844444420 384444487f 3854545418 087e090102 0e5151513f "
          + "7f08040478 00447d4000 2040443d00 7f10284400 00417f4000 7c04180478 7c08040478 3844444438 "
          // p to ~
          + "7f1111110e 0e1111117f 7c08040408 4854545420 043f444020 3c4040207c 1c2040201c 3c4030403c "
          + "4428102844 0f5050503f 4464544c44 0008364100 00007f0000 0041360800 0804081008";

  /** These letters stand two dots lower than the others. */
  private static final String DESCENDING = "gpqy";

  private static final int DESCENT = 2;

  private static final String[] GLYPHS = COLUMNS.split(" ");

  private final int dot;

  /**
   * @param dot the side of a dot in pixels
   */
  public PixelFont(int dot) {
    this.dot = dot;
  }

  /** Pixels from the first letter's left edge to the last one's right edge. */
  public int width(String text) {
    return text.isEmpty() ? 0 : (text.length() * (DOTS_WIDE + 1) - 1) * dot;
  }

  /** Pixels from the top of a capital to the base line. */
  public int height() {
    return DOTS_HIGH * dot;
  }

  /** Draws with the upper left corner at (left, top); a letter without a glyph becomes "?". */
  public void draw(Graphics2D graphics, String text, int left, int top, Color colour) {
    graphics.setColor(colour);
    for (int i = 0; i < text.length(); i++) {
      int index = text.charAt(i) - FIRST;
      String glyph = index >= 0 && index < GLYPHS.length ? GLYPHS[index] : GLYPHS['?' - FIRST];
      int descent = DESCENDING.indexOf(text.charAt(i)) >= 0 ? DESCENT * dot : 0;
      drawGlyph(graphics, glyph, left + i * (DOTS_WIDE + 1) * dot, top + descent);
    }
  }

  private void drawGlyph(Graphics2D graphics, String glyph, int left, int top) {
    for (int x = 0; x < DOTS_WIDE; x++) {
      int column = Integer.parseInt(glyph, 2 * x, 2 * x + 2, 16);
      for (int y = 0; y < DOTS_HIGH; y++) {
        if ((column >> y & 1) != 0) {
          graphics.fillRect(left + x * dot, top + y * dot, dot, dot);
        }
      }
    }
  }
}
