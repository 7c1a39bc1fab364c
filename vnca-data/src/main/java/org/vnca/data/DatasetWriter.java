package org.vnca.data;

import io.jhdf.Superblock.SuperblockV2V3;
import io.jhdf.WritableGroupImpl;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import io.jhdf.exceptions.HdfException;
import io.jhdf.storage.HdfFileChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.base.file.Reason;
import org.vnca.base.file.WholeFile;
import org.vnca.data.fault.DatasetException;

/**
 * Writes a dataset file as a stream: memory does not grow with it. The file appears complete or not
 * at all: it is written under another name beside its place and renamed at the end, replacing what
 * was there.
 *
 * <p>The superblock and the groups are written without jHDF's {@code WritableHdfFile}, which puts
 * the operating system's name into every file, so that equal data would not give equal files.
 */
public final class DatasetWriter {
  private DatasetWriter() {}

  /**
   * Writes a file.
   *
   * @param target where the file shall appear; its folder is made if missing
   * @param splits at least one, named differently
   * @param progress told of every image written
   * @return images written, by split, in the order given
   * @throws DatasetException if splits have images of different sizes, an image source fails,
   *     labels and images differ in number, a split has no images, or the disk refuses
   */
  public static Map<String, Integer> write(
      Path target, DatasetHeader header, List<SplitContent> splits, ImportProgress progress) {
    if (splits.isEmpty()) {
      throw new IllegalArgumentException("a dataset needs at least one split, but there is none");
    }
    requireOneShape(splits);
    if (Files.isDirectory(target)) {
      throw new DatasetException(
          "%s must be the file to write, but is a folder; name a file in it".formatted(target));
    }
    try {
      Map<String, Integer> counts = new LinkedHashMap<>();
      WholeFile.stream(
          target, channel -> counts.putAll(writeAll(channel, header, splits, progress)));
      return counts;
    } catch (IOException e) {
      throw new DatasetException("%s cannot be written: %s".formatted(target, Reason.of(e)), e);
    } catch (HdfException | UncheckedIOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new DatasetException("%s cannot be written: %s".formatted(target, describe(cause)), e);
    }
  }

  /** What is read as one dataset has one size of images. */
  private static void requireOneShape(List<SplitContent> splits) {
    SplitContent first = splits.get(0);
    for (SplitContent split : splits) {
      if (!split.shape().image().equals(first.shape().image())) {
        throw new DatasetException(
            "the images of all splits must have one height, width and number of channels, but those"
                + " of %s are %s and those of %s are %s"
                    .formatted(first.name(), first.shape(), split.name(), split.shape()));
      }
    }
  }

  private static Map<String, Integer> writeAll(
      FileChannel channel, DatasetHeader header, List<SplitContent> splits, ImportProgress progress)
      throws IOException {
    WritableGroup root = new WritableGroupImpl(null, "/");
    root.putAttribute(ImageDataset.NAME, header.name());
    root.putAttribute(ImageDataset.SOURCE, header.source());
    root.putAttribute(ImageDataset.PIXELS, header.pixels().attribute());
    root.putAttribute(ImageDataset.SCHEMA, ImageDataset.SCHEMA_VERSION);
    if (!header.classes().isEmpty()) {
      root.putAttribute(ImageDataset.CLASSES, header.classes().toArray(String[]::new));
    }
    Map<String, StreamedImages> written = new LinkedHashMap<>();
    for (SplitContent split : splits) {
      WritableGroup group = root.putGroup(split.name());
      StreamedImages images = new StreamedImages(group, split, header, progress);
      group.putDataset("images", images);
      split.labels().ifPresent(labels -> putLabels(group, labels));
      if (written.put(split.name(), images) != null) {
        throw new IllegalArgumentException(
            "splits must have different names, but two are called " + split.name());
      }
    }
    writeTree(channel, root);
    Map<String, Integer> counts = new LinkedHashMap<>();
    written.forEach((name, images) -> counts.put(name, images.count()));
    return counts;
  }

  private static void putLabels(WritableGroup group, byte[] labels) {
    DatasetCreationOptions unsigned = DatasetCreationOptions.builder().unsigned().build();
    group.putDataset("labels", labels, unsigned);
  }

  private static void writeTree(FileChannel channel, WritableGroup root) throws IOException {
    SuperblockV2V3 superblock = new SuperblockV2V3();
    HdfFileChannel hdf = new HdfFileChannel(channel, superblock);
    root.write(hdf, WritableHdfFile.ROOT_GROUP_ADDRESS);
    channel.write(superblock.toBuffer(channel.size()), 0);
  }

  private static String describe(Throwable e) {
    if (e instanceof IOException io) {
      return Reason.of(io);
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
