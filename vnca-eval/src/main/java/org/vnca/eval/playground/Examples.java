package org.vnca.eval.playground;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.vnca.base.image.ImageShape;
import org.vnca.eval.OpenRun;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.measure.Mean;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.Png;

/**
 * Images of the test split as the model encodes them.
 *
 * @param split its name
 * @param numbers which of the split each is
 * @param labels of each, where the dataset has some
 * @param latents means of q(z|x), {@code [N, Z]}
 * @param originals a sheet of the images as the model sees them, PNG
 * @param reconstructions a sheet of the means of p(x|z) there, PNG
 */
record Examples(
    String split,
    long[] numbers,
    Optional<int[]> labels,
    float[][] latents,
    byte[] originals,
    byte[] reconstructions) {
  private static final int COLUMNS = 8;

  /** Which images: the same in every page of a run. */
  private static final long SEED = 0;

  /** Images encoded at a time. */
  private static final int PIECE = 100;

  /** Images over which the use of the latent dimensions is measured, at most. */
  private static final int MEASURED = 1000;

  /**
   * Draws images of the test split, and encodes them.
   *
   * @throws org.vnca.data.fault.DatasetException if the dataset cannot be read
   */
  static Examples of(OpenRun run) {
    OpenRun.TestImages all = run.images(SEED, 0);
    int[] chosen = chosen(all);
    VncaSession session = run.session();
    byte[] stored = stored(all, chosen);
    float[][] latents = session.sampling().posteriorMeans(stored);
    return new Examples(
        run.testSplit(),
        IntStream.of(chosen).mapToLong(i -> all.numbers(i, i + 1)[0]).toArray(),
        all.labels().map(labels -> IntStream.of(chosen).map(i -> labels[i]).toArray()),
        latents,
        sheet(session.sampling().pixels(stored), session.image()),
        sheet(session.sampling().means(latents), session.image()));
  }

  private static byte[] stored(OpenRun.TestImages all, int[] chosen) {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    for (int i : chosen) {
      images.writeBytes(all.read(i, i + 1));
    }
    return images.toByteArray();
  }

  /** The same number of every label, as far as there are so many; side by side those of one. */
  private static int[] chosen(OpenRun.TestImages all) {
    int count = Math.min(Playground.EXAMPLES, all.count());
    if (all.labels().isEmpty()) {
      return IntStream.range(0, count).toArray();
    }
    int[] labels = all.labels().get();
    TreeMap<Integer, Deque<Integer>> left = new TreeMap<>();
    for (int i = 0; i < labels.length; i++) {
      left.computeIfAbsent(labels[i], label -> new ArrayDeque<>()).add(i);
    }
    TreeMap<Integer, List<Integer>> taken = new TreeMap<>();
    for (int i = 0; i < count; ) {
      for (Map.Entry<Integer, Deque<Integer>> label : left.entrySet()) {
        if (i < count && !label.getValue().isEmpty()) {
          taken
              .computeIfAbsent(label.getKey(), key -> new ArrayList<>())
              .add(label.getValue().remove());
          i++;
        }
      }
    }
    return taken.values().stream().flatMap(List::stream).mapToInt(i -> i).toArray();
  }

  /**
   * The latent dimensions, those first that the encoder uses most: by the variance over images of
   * the mean of q(z|x).
   */
  static List<Dimension> dimensions(OpenRun run) {
    OpenRun.TestImages images = run.images(SEED, MEASURED);
    List<Mean> means = new ArrayList<>();
    for (int from = 0; from < images.count(); from += PIECE) {
      int to = Math.min(images.count(), from + PIECE);
      for (float[] latent : run.session().sampling().posteriorMeans(images.read(from, to))) {
        for (int i = 0; i < latent.length; i++) {
          if (means.size() == i) {
            means.add(new Mean());
          }
          means.get(i).add(latent[i]);
        }
      }
      run.requireGoingOn("the playground");
    }
    return IntStream.range(0, means.size())
        .mapToObj(i -> new Dimension(i, means.get(i).variance()))
        .sorted((a, b) -> Double.compare(b.variance(), a.variance()))
        .toList();
  }

  /**
   * How much a latent dimension is used.
   *
   * @param index which, from 0
   * @param variance over images of the mean of q(z|x)
   */
  record Dimension(int index, double variance) {}

  /** Images side by side; values that are no numbers are grey, as in every picture. */
  private static byte[] sheet(float[][] images, ImageShape shape) {
    int rows = (images.length + COLUMNS - 1) / COLUMNS;
    ImageShape whole =
        new ImageShape(rows * shape.height(), COLUMNS * shape.width(), shape.channels());
    int row = shape.width() * shape.channels();
    float[] sheet = new float[whole.dimensions()];
    for (int i = 0; i < images.length; i++) {
      for (int y = 0; y < shape.height(); y++) {
        int top = i / COLUMNS * shape.height() + y;
        System.arraycopy(images[i], y * row, sheet, (top * COLUMNS + i % COLUMNS) * row, row);
      }
    }
    for (int i = 0; i < sheet.length; i++) {
      sheet[i] = Float.isNaN(sheet[i]) ? 0.5f : sheet[i];
    }
    return Png.encode(PixelImage.of(sheet, whole), 0, Map.of());
  }

  /** What the page gets. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("split", split);
    fields.put("count", numbers.length);
    fields.put("columns", COLUMNS);
    fields.put("numbers", numbers);
    fields.put("labels", labels.orElse(null));
    fields.put("latents", base64(latents));
    fields.put("originals", address(originals));
    fields.put("reconstructions", address(reconstructions));
    return fields;
  }

  private static String address(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  /** Rows one behind the other, little-endian float32. */
  static String base64(float[]... rows) {
    int count = Arrays.stream(rows).mapToInt(row -> row.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
