package org.vnca.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnca.data.batch.BatchStream;

/** Files several times larger than the heap are written, read and streamed. */
@Tag("slow")
class FlatMemoryTest {
  private static final int HEAP_MIB = 64;

  @TempDir private Path folder;

  @Test
  void aContiguousFile_largerThanTheHeap_isWrittenAndRead() throws Exception {
    // 288 MiB: more than the 256 MiB that are shuffled as a whole
    assertThat(fork("CONTIGUOUS", "24576", "64", "3")).contains("read 24576 images");
  }

  @Test
  void aCompressedFile_largerThanTheHeapOnceDecoded_isWrittenAndRead() throws Exception {
    assertThat(fork("COMPRESSED", "160000", "28", "1")).contains("read 160000 images");
  }

  private String fork(String layout, String images, String side, String channels)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-cp",
                System.getProperty("java.class.path"),
                FlatMemoryTest.class.getName(),
                folder.resolve("big.h5").toString(),
                layout,
                images,
                side,
                channels)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    System.out.print(output);
    return output;
  }

  /** Runs in the small heap: file, layout, images, side, channels. */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    DatasetHeader.Layout layout = DatasetHeader.Layout.valueOf(arguments[1]);
    int side = Integer.parseInt(arguments[3]);
    SplitShape shape =
        SplitShape.of(Integer.parseInt(arguments[2]), side, side, Integer.parseInt(arguments[4]));
    long start = System.nanoTime();
    SplitContent split =
        new SplitContent("train", shape, () -> new Stripes(shape.images()), Optional.empty());
    Map<String, Integer> written =
        DatasetWriter.write(
            file,
            new DatasetHeader("big", "made up", Pixels.UINT8, layout),
            List.of(split),
            ImportProgress.SILENT);
    tell("wrote " + written.get("train") + " images", start);
    try (ImageDataset dataset = ImageDataset.open(file.toString())) {
      start = System.nanoTime();
      DatasetInfo.SplitInfo info = DatasetInfo.of(dataset).splits().get(0);
      tell("read " + info.images() + " images, " + info.meanPixel(), start);
      start = System.nanoTime();
      int steps = 400;
      try (BatchStream stream = BatchStream.open(List.of(dataset.split("train")), 1, 32, 0)) {
        for (int step = 0; step < steps; step++) {
          stream.next();
        }
      }
      tell("streamed " + steps * 32 + " images", start);
    }
  }

  private static void tell(String what, long start) {
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "%s in %.2f s, heap %d MiB of at most %d MiB%n",
        what,
        (System.nanoTime() - start) / 1e9,
        (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        runtime.maxMemory() >> 20);
  }

  /** Images that are quick to make and to tell apart. */
  private static final class Stripes implements ImageSource {
    private final int images;
    private int next;

    Stripes(int images) {
      this.images = images;
    }

    @Override
    public boolean next(byte[] image) {
      if (next == images) {
        return false;
      }
      for (int i = 0; i < image.length; i++) {
        image[i] = (byte) (i + next);
      }
      next++;
      return true;
    }

    @Override
    public void close() {}
  }
}
