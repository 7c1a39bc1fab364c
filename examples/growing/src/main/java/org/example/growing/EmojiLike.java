package org.example.growing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.vnca.data.DatasetHeader;
import org.vnca.data.DatasetWriter;
import org.vnca.data.ImageSource;
import org.vnca.data.ImportProgress;
import org.vnca.data.Pixels;
import org.vnca.data.SplitContent;
import org.vnca.data.SplitShape;
import org.vnca.data.imports.DatasetImport;
import org.vnca.data.imports.ImportFormat;
import org.vnca.data.imports.ImportOption;
import org.vnca.data.imports.ImportSummary;
import org.vnca.data.imports.InvalidOption;

/** A dataset of faces, hearts, suns and flowers, which are drawn here: it needs no source. */
public final class EmojiLike implements ImportFormat {
  private static final String NAME = "emoji-like";

  /**
   * The options of {@code data import emoji-like}.
   *
   * @param count pictures; a tenth is the split {@code valid}, another one {@code test}
   * @param size side of a picture, pixels
   * @param seed from which follows what is drawn
   */
  public record Options(
      @ImportOption("pictures; a tenth is held out for valid, another tenth for test") int count,
      @ImportOption("side of a picture, pixels, 8 to 256") int size,
      @ImportOption(value = "from which follows what is drawn", argument = "SEED") long seed) {
    public Options {
      if (count < 10) {
        throw new InvalidOption("count", "must be at least 10", count);
      }
      if (size < 8 || size > 256) {
        throw new InvalidOption("size", "must be 8 to 256", size);
      }
    }
  }

  @Override
  public String type() {
    return NAME;
  }

  @Override
  public Record defaults() {
    return new Options(1000, 16, 1);
  }

  @Override
  public String summary() {
    return "faces, hearts, suns and flowers that are drawn here";
  }

  @Override
  public Optional<String> source() {
    return Optional.empty();
  }

  @Override
  public DatasetImport make(Record options) {
    return (source, out, progress) -> write((Options) options, out, progress);
  }

  private static ImportSummary write(Options options, Path out, ImportProgress progress) {
    DatasetHeader header =
        new DatasetHeader(
                NAME, "drawn by " + options, Pixels.UINT8, DatasetHeader.Layout.COMPRESSED)
            .withClasses(EmojiDrawing.MOTIVES);
    int held = options.count() / 10;
    SplittableRandom random = new SplittableRandom(options.seed());
    List<SplitContent> splits =
        List.of(
            split("train", options.count() - 2 * held, options, random.split()),
            split("valid", held, options, random.split()),
            split("test", held, options, random.split()));
    return ImportSummary.of(out, NAME, DatasetWriter.write(out, header, splits, progress));
  }

  private static SplitContent split(
      String name, int count, Options options, SplittableRandom random) {
    int size = options.size();
    List<byte[]> images = new ArrayList<>();
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % EmojiDrawing.MOTIVES.size());
      images.add(EmojiDrawing.draw(labels[i], size, random));
    }
    return new SplitContent(
        name,
        SplitShape.of(count, size, size, 3),
        () -> ImageSource.of(images),
        Optional.of(labels));
  }
}
