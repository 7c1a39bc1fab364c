package org.example.growing;

import java.util.List;
import java.util.SplittableRandom;

/** Draws small pictures from distances to circles and curves, smooth at the edges. */
final class EmojiDrawing {
  static final List<String> MOTIVES = List.of("smile", "frown", "surprise", "heart", "sun", "flower");

  private static final int[] WHITE = {255, 255, 255};
  private static final int[] DARK = {70, 45, 20};
  private static final int[][] FACES = {{255, 204, 40}, {255, 176, 60}, {250, 222, 90}};
  private static final int[][] BRIGHT = {{226, 40, 60}, {235, 90, 160}, {150, 80, 220}, {60, 130, 230}};

  private final int size;
  private final double[] rgb;
  private final double shiftX;
  private final double shiftY;
  private final double scale;

  private EmojiDrawing(int size, SplittableRandom random) {
    this.size = size;
    this.rgb = new double[size * size * 3];
    this.shiftX = random.nextDouble(-0.08, 0.08);
    this.shiftY = random.nextDouble(-0.08, 0.08);
    this.scale = random.nextDouble(0.78, 0.92);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = WHITE[i % 3];
    }
  }

  /** How far a point is outside of a shape, negative inside; the picture is -1 to 1 each way. */
  private interface Shape {
    double distance(double x, double y);
  }

  /**
   * A picture.
   *
   * @param motive its place in {@link #MOTIVES}
   * @return {@code [size, size, 3]}, uint8
   */
  static byte[] draw(int motive, int size, SplittableRandom random) {
    EmojiDrawing drawing = new EmojiDrawing(size, random);
    int[] face = FACES[random.nextInt(FACES.length)];
    int[] bright = BRIGHT[random.nextInt(BRIGHT.length)];
    switch (motive) {
      case 0 -> drawing.face(face).fill(arc(0.0, 0.5, true), DARK);
      case 1 -> drawing.face(face).fill(arc(0.85, 0.45, false), DARK);
      case 2 -> drawing.face(face).fill(circle(0, 0.42, 0.2), DARK);
      case 3 -> drawing.fill(EmojiDrawing::heart, bright);
      case 4 -> drawing.fill(rays(8, 0.62, 0.32), face).fill(circle(0, 0, 0.55), FACES[1]);
      default -> drawing.fill(rays(5, 0.58, 0.42), bright).fill(circle(0, 0, 0.3), FACES[0]);
    }
    return drawing.bytes();
  }

  private EmojiDrawing face(int[] colour) {
    return fill(circle(0, 0, 0.95), colour)
        .fill(circle(-0.34, -0.25, 0.13), DARK)
        .fill(circle(0.34, -0.25, 0.13), DARK);
  }

  private static Shape circle(double x0, double y0, double radius) {
    return (x, y) -> Math.hypot(x - x0, y - y0) - radius;
  }

  /** The lower or upper part of a ring: a mouth. */
  private static Shape arc(double y0, double radius, boolean below) {
    return (x, y) -> {
      double ring = Math.abs(Math.hypot(x, y - y0) - radius) - 0.08;
      double side = below ? y0 + 0.12 - y : y - y0 + 0.12;
      return Math.max(ring, side);
    };
  }

  private static double heart(double x, double y) {
    double u = Math.abs(x) * 1.15;
    double v = -(y - 0.05) * 1.15;
    double curve = v - 0.75 * Math.sqrt(u);
    return (Math.sqrt(u * u + curve * curve) - 0.85) * 0.8;
  }

  private static Shape rays(int count, double length, double width) {
    return (x, y) -> {
      double nearest = Double.MAX_VALUE;
      for (int i = 0; i < count; i++) {
        double angle = 2 * Math.PI * i / count - Math.PI / 2;
        double dx = x - length * Math.cos(angle);
        double dy = y - length * Math.sin(angle);
        nearest = Math.min(nearest, Math.hypot(dx, dy) - width);
      }
      return nearest;
    };
  }

  /** Lays a colour over the shape; at its edge, over one pixel's width, by part. */
  private EmojiDrawing fill(Shape shape, int[] colour) {
    for (int i = 0; i < size * size; i++) {
      double x = ((2 * (i % size) + 1.0) / size - 1 - shiftX) / scale;
      double y = ((2 * (i / size) + 1.0) / size - 1 - shiftY) / scale;
      double pixels = shape.distance(x, y) * scale * size / 2;
      double part = Math.max(0, Math.min(1, 0.5 - pixels));
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] += part * (colour[c] - rgb[3 * i + c]);
      }
    }
    return this;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[rgb.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(rgb[i]);
    }
    return bytes;
  }
}
