package org.vnca.train.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.session.Sampling;
import org.vnca.graph.session.VncaSession;
import org.vnca.train.picture.GrowthSheet;
import org.vnca.train.picture.PixelImage;
import org.vnca.train.picture.TileSheet;

/** Draws what a model dreams, reconstructs, and how it grows. */
public final class Pictures {
  /** Decodings in one run of the graph. */
  private static final int PIECE = 64;

  private final Sampling sampling;
  private final ImageShape shape;

  /** Draws with a session whose variables have values. */
  public Pictures(VncaSession session) {
    this.sampling = session.sampling();
    this.shape = session.image();
  }

  /**
   * Dreams: z from the prior, then an image from p(x|z), in rows.
   *
   * @param count how many; dream i is the same whatever the count
   * @param mean whether the mean of p(x|z) is shown in place of a sample
   */
  public TileSheet samples(int count, boolean mean) {
    List<PixelImage> tiles = new ArrayList<>();
    for (int from = 0; from < count; from += PIECE) {
      long[] numbers = LongStream.range(from, Math.min(count, from + PIECE)).toArray();
      float[][] latents = sampling.prior(numbers);
      add(tiles, mean ? sampling.means(latents) : sampling.samples(latents, numbers));
    }
    return TileSheet.of(tiles, TileSheet.columns(count));
  }

  /**
   * Originals above the means of their reconstructions from the posterior's mean.
   *
   * @param images stored images, {@code [N, h, w, channels]} uint8
   */
  public TileSheet reconstructions(byte[] images) {
    List<PixelImage> originals = new ArrayList<>();
    add(originals, sampling.pixels(images));
    List<PixelImage> reconstructions = new ArrayList<>();
    add(reconstructions, sampling.means(sampling.posteriorMeans(images)));
    return new TileSheet().row("original", originals).row("reconstruction", reconstructions);
  }

  /** Whether the decoder is an automaton, so that there is growth to draw. */
  public boolean grows() {
    return sampling.grows();
  }

  /**
   * Every state of one dream, a row for each stage: the seed or the doubling, then each step
   * (paper, figure 4). Means of p(x|z).
   *
   * @param number which dream
   * @throws IllegalStateException if the decoder is no automaton
   */
  public TileSheet growth(long number) {
    List<List<PixelImage>> stages = new ArrayList<>();
    for (Sampling.GrowthStage stage : sampling.growth(sampling.prior(new long[] {number})[0])) {
      ImageShape side = new ImageShape(stage.side(), stage.side(), shape.channels());
      List<PixelImage> states = new ArrayList<>();
      for (float[] image : stage.images()) {
        states.add(PixelImage.of(image, side));
      }
      stages.add(states);
    }
    return GrowthSheet.of(stages);
  }

  private void add(List<PixelImage> tiles, float[][] images) {
    for (float[] image : images) {
      tiles.add(PixelImage.of(image, shape));
    }
  }
}
