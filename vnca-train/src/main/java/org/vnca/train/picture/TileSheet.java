package org.vnca.train.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of images, all shown at one size, with names to the left and above. */
public final class TileSheet implements Panel {
  /** The size of all names, in points. */
  public static final double TEXT = 8;

  private static final double GAP = 1.5;
  private static final double PAD = 5;

  /** A tile's side, where there is more room than it needs. */
  private static final double USUAL = 48;

  private final List<Row> rows = new ArrayList<>();
  private List<String> columns = List.of();
  private int groupGapAfter = Integer.MAX_VALUE;
  private int leastColumns;
  private int leastPixels;
  private double usual = USUAL;

  /** Into how many columns so many images go: a little wider than high, and full where it can. */
  public static int columns(int count) {
    int root = (int) Math.ceil(Math.sqrt(count));
    return IntStream.rangeClosed(root, 2 * root)
        .filter(columns -> count % columns == 0)
        .findFirst()
        .orElse(root);
  }

  /** Images in rows of so many. */
  public static TileSheet of(List<PixelImage> images, int columns) {
    TileSheet sheet = new TileSheet();
    for (int from = 0; from < images.size(); from += columns) {
      sheet.row("", images.subList(from, Math.min(images.size(), from + columns)));
    }
    return sheet;
  }

  /** Adds a row. */
  public TileSheet row(String label, List<PixelImage> images) {
    return row(label, images, List.of());
  }

  /** Adds a row, of which some tiles, by their columns, have a frame. */
  public TileSheet row(String label, List<PixelImage> images, List<Integer> marked) {
    rows.add(new Row(label, List.copyOf(images), List.copyOf(marked)));
    return this;
  }

  /** Names the columns; where they would overlap, some are left out. */
  public TileSheet columns(List<String> labels) {
    columns = List.copyOf(labels);
    return this;
  }

  /** Leaves a wider gap after each so many rows. */
  public TileSheet groups(int rowsOfAGroup) {
    groupGapAfter = rowsOfAGroup;
    return this;
  }

  /** Gives tiles the size of those of a sheet with so many columns. */
  public TileSheet sizedFor(int columns) {
    leastColumns = columns;
    return this;
  }

  /** Gives tiles a size that suits images of so many pixels to a side, whether there are some. */
  public TileSheet pixels(int side) {
    leastPixels = side;
    return this;
  }

  /** Makes tiles so many times as large, where there is room. */
  public TileSheet enlarged(double times) {
    usual = USUAL * times;
    return this;
  }

  /**
   * Draws.
   *
   * @throws IllegalArgumentException if there are no images, or the largest image is not a multiple
   *     of each
   */
  @Override
  public Drawing draw(Room room) {
    PixelImage largest = largest();
    double left = rows.stream().mapToDouble(row -> width(row.label)).max().orElse(0);
    left = left == 0 ? GAP : room.snapped(left + PAD);
    double top = columns.isEmpty() ? GAP : room.snapped(Typeface.SANS.capitals(TEXT) + PAD);
    int wide = rows.stream().mapToInt(row -> row.images.size()).max().orElse(0);
    double free = (room.width() - left) / Math.max(wide, leastColumns) - GAP;
    double longer = Math.max(largest.width(), largest.height());
    double side = side(room, free, Math.max(longer, leastPixels));
    double tileWidth = side * largest.width() / longer;
    double tileHeight = side * largest.height() / longer;
    // Names are not to stand in each other, however low the tiles are.
    double pitch = left == GAP ? tileHeight : Math.max(tileHeight, 1.2 * TEXT);
    Drawing.Builder drawing = new Drawing.Builder();
    double whole = Math.max(left + wide * (tileWidth + GAP), width("0"));
    nameColumns(drawing, left, top, tileWidth, whole);
    for (int r = 0; r < rows.size(); r++) {
      Row row = rows.get(r);
      double y = room.snapped(top(r, top, pitch) + (pitch - tileHeight) / 2);
      double base = y + (tileHeight + Typeface.SANS.capitals(TEXT)) / 2;
      if (!row.label.isEmpty()) {
        drawing.add(text(row.label, left - PAD, base, Mark.Side.END));
      }
      for (int c = 0; c < row.images.size(); c++) {
        double x = left + c * (tileWidth + GAP);
        if (row.marked.contains(c)) {
          drawing.add(
              new Mark.Box(x - GAP, y - GAP, tileWidth + 2 * GAP, tileHeight + 2 * GAP, Ink.MARK));
        }
        drawing.add(new Mark.Tile(row.images.get(c), x, y, tileWidth, tileHeight));
      }
    }
    return drawing.of(whole, top(rows.size(), top, pitch));
  }

  private PixelImage largest() {
    PixelImage largest =
        rows.stream()
            .flatMap(row -> row.images.stream())
            .max((one, other) -> Integer.compare(one.height(), other.height()))
            .orElseThrow(
                () -> new IllegalArgumentException("a sheet needs an image, but has none"));
    for (Row row : rows) {
      for (PixelImage image : row.images) {
        int times = largest.height() / image.height();
        if (image.height() * times != largest.height()
            || image.width() * times != largest.width()) {
          throw new IllegalArgumentException(
              "a sheet's images must be the largest divided by whole numbers, but one is %dx%d and the largest %dx%d"
                  .formatted(image.height(), image.width(), largest.height(), largest.width()));
        }
      }
    }
    return largest;
  }

  /** On a screen whole pixels show each pixel of an image, one at least. */
  private double side(Room room, double free, double pixels) {
    if (room.filled()) {
      return Math.max(free, 1 / room.resolution());
    }
    double pixel = pixels / room.resolution();
    return pixel * Math.max(1, Math.floor(Math.min(free, usual) / pixel + 1e-6));
  }

  private double top(int row, double first, double pitch) {
    return first + row * (pitch + GAP) + row / groupGapAfter * 3 * GAP;
  }

  private void nameColumns(
      Drawing.Builder drawing, double left, double top, double tile, double whole) {
    double widest = columns.stream().mapToDouble(TileSheet::width).max().orElse(0);
    int every = Math.max(1, (int) Math.ceil((widest + PAD) / (tile + GAP)));
    for (int c = 0; c < columns.size(); c += every) {
      double middle = left + c * (tile + GAP) + tile / 2;
      double half = width(columns.get(c)) / 2;
      // The last one may have no room for its second half.
      double inside = Math.max(half, Math.min(middle, whole - half));
      drawing.add(text(columns.get(c), inside, top - PAD + 1, Mark.Side.MIDDLE));
    }
  }

  private static double width(String text) {
    return Typeface.SANS.width(text, TEXT);
  }

  private static Mark.Text text(String words, double x, double y, Mark.Side side) {
    return new Mark.Text(words, x, y, TEXT, side, false, Ink.BLACK);
  }

  private record Row(String label, List<PixelImage> images, List<Integer> marked) {}
}
