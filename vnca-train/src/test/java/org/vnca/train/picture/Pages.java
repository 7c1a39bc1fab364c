package org.vnca.train.picture;

import java.util.List;
import org.vnca.base.image.ImageShape;

/** Drawings with some of everything. */
final class Pages {
  /** A grey gradient and a coloured one, of 4 x 4 pixels. */
  static final PixelImage GREY = image(1);

  static final PixelImage COLOUR = image(3);

  private Pages() {}

  private static PixelImage image(int channels) {
    float[] values = new float[16 * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7 % 16) / 15f;
    }
    return PixelImage.of(values, new ImageShape(4, 4, channels));
  }

  /** Words, curves, bands, points and tiles, some of them clipped. */
  static Drawing page() {
    Drawing.Builder page = new Drawing.Builder();
    page.add(new Mark.Text("Growth 0123 (a&b<c>)", 10, 20, 8, Mark.Side.START, false, Ink.BLACK));
    page.add(new Mark.Text("middle \u2212\u00d7", 100, 40, 12, Mark.Side.MIDDLE, false, Ink.GREY));
    page.add(new Mark.Text("upwards", 12, 90, 8, Mark.Side.END, true, Ink.BLACK));
    page.add(new Mark.Box(20, 30, 30, 0.5, Ink.PALE));
    double[] curve = new double[80];
    for (int i = 0; i < 40; i++) {
      curve[2 * i] = 60 + 3 * i;
      curve[2 * i + 1] = 70 + 15 * StrictMath.sin(i / 4.0);
    }
    page.add(
        new Mark.Clipped(
            new Mark.Box(55, 50, 100, 50, Ink.BLACK),
            List.of(
                new Mark.Area(
                    List.of(new double[] {60, 60, 150, 55, 150, 80, 60, 90}),
                    new Ink(0x0072b2).through(0.25)),
                new Mark.Line(curve, 1.25, List.of(), new Ink(0x0072b2)),
                new Mark.Line(curve, 1, List.of(5.0, 3.0), new Ink(0xd55e00)),
                new Mark.Disc(100, 75, 3, new Ink(0x009e73)))));
    page.add(new Mark.Tile(GREY, 20, 100, 32, 32));
    page.add(new Mark.Tile(COLOUR, 60, 100, 32, 32));
    return page.of(180, 140);
  }
}
