package org.vnca.data;

import io.jhdf.ObjectHeader.ObjectHeaderV2;
import io.jhdf.WritableDatasetImpl;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.indexing.ChunkImpl;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndexWriter;
import io.jhdf.filter.DeflatePipelineFilter;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import io.jhdf.object.message.Message;
import io.jhdf.storage.HdfFileChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vnca.data.fault.DatasetException;

/**
 * The images of a split, pulled from their source while jHDF writes the tree. jHDF's own dataset
 * holds all its data in memory; this one overrides the writing. The classes it uses are public but
 * not documented, so the version of jHDF is pinned and tests read the files back with h5py.
 */
final class StreamedImages extends WritableDatasetImpl {
  static final int CHUNK_IMAGES = 64;

  /** Space for the object header, which is known only once the chunks have been written. */
  private static final int HEADER_BYTES = 1024;

  private static final int CONTIGUOUS_BUFFER = 1 << 20;
  private static final int GZIP_LEVEL = 6;

  /** log2 of the entries of a page of the chunk index, as the HDF5 library has it by default. */
  private static final int LEAST_PAGE_BITS = 10;

  private final SplitContent split;
  private final DatasetHeader header;
  private final ImportProgress progress;
  private final SplitShape shape;
  private final int imageBytes;
  private boolean exhausted;
  private int count;

  StreamedImages(
      WritableGroup parent, SplitContent split, DatasetHeader header, ImportProgress progress) {
    super(
        new byte[1][1][1][1],
        "images",
        parent,
        DatasetCreationOptions.builder().unsigned().build());
    this.split = split;
    this.header = header;
    this.progress = progress;
    this.shape = split.shape();
    this.imageBytes = shape.image().dimensions();
  }

  /** Images written. */
  int count() {
    return count;
  }

  @Override
  public long write(HdfFileChannel channel, long position) {
    long dataAddress = position + HEADER_BYTES;
    progress.begin(split.name(), shape.images());
    try (ImageSource images = split.images().open()) {
      long end =
          header.layout() == DatasetHeader.Layout.CONTIGUOUS
              ? writeContiguous(images, channel, position, dataAddress)
              : writeChunks(images, channel, position, dataAddress);
      channel.position(end);
      return end;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      progress.end();
    }
  }

  private long writeContiguous(
      ImageSource images, HdfFileChannel channel, long position, long dataAddress)
      throws IOException {
    byte[] buffer = new byte[Math.max(1, CONTIGUOUS_BUFFER / imageBytes) * imageBytes];
    long end = dataAddress;
    for (int filled = fill(images, buffer); filled > 0; filled = fill(images, buffer)) {
      end = writeFully(channel, ByteBuffer.wrap(buffer, 0, filled * imageBytes), end);
    }
    requireAllImages();
    DataLayoutMessage layout = ContiguousDataLayoutMessage.create(dataAddress, end - dataAddress);
    writeHeader(channel, position, List.of(layout));
    return end;
  }

  private long writeChunks(
      ImageSource images, HdfFileChannel channel, long position, long dataAddress)
      throws IOException {
    // A chunk must not be longer than the dataset.
    int chunkImages = Math.min(CHUNK_IMAGES, shape.images());
    byte[] buffer = new byte[Math.multiplyExact(chunkImages, imageBytes)];
    DeflatePipelineFilter gzip = new DeflatePipelineFilter();
    int[] level = {GZIP_LEVEL};
    List<Chunk> chunks = new ArrayList<>();
    long end = dataAddress;
    for (int filled = fill(images, buffer); filled > 0; filled = fill(images, buffer)) {
      Arrays.fill(buffer, filled * imageBytes, buffer.length, (byte) 0);
      byte[] stored = gzip.encode(buffer, level);
      long[] offset = {(long) chunks.size() * chunkImages, 0, 0, 0};
      chunks.add(new ChunkImpl(end, stored.length, offset));
      end = writeFully(channel, ByteBuffer.wrap(stored), end);
    }
    requireAllImages();
    int[] chunk = {
      chunkImages, shape.image().height(), shape.image().width(), shape.image().channels(), 1
    };
    DataLayoutMessage layout;
    if (chunks.size() == 1) {
      layout =
          ChunkedDataLayoutMessageV4.createFilteredSingleChunk(
              dataAddress, chunk, chunks.get(0).getSize());
    } else {
      int pageBits =
          Math.max(LEAST_PAGE_BITS, 32 - Integer.numberOfLeadingZeros(chunks.size() - 1));
      layout = ChunkedDataLayoutMessageV4.createFixedArray(end, chunk, pageBits);
      end =
          writeFully(
              channel,
              FixedArrayIndexWriter.createFixedArray(chunks, end, buffer.length, true, pageBits),
              end);
    }
    FilterInfo filter = new FilterInfo(gzip.getId(), gzip.getName(), false, level);
    writeHeader(channel, position, List.of(FilterPipelineMessage.create(List.of(filter)), layout));
    return end;
  }

  /** Fills the buffer with images as far as there are any; the number of them. */
  private int fill(ImageSource images, byte[] buffer) throws IOException {
    byte[] image = new byte[imageBytes];
    int filled = 0;
    while (!exhausted && (filled + 1) * imageBytes <= buffer.length) {
      if (images.next(image)) {
        System.arraycopy(image, 0, buffer, filled * imageBytes, imageBytes);
        filled++;
      } else {
        exhausted = true;
      }
    }
    count += filled;
    if (count > shape.images()) {
      throw wrongCount("more");
    }
    progress.advance(filled);
    return filled;
  }

  private void requireAllImages() {
    if (count < shape.images()) {
      throw wrongCount("only " + count);
    }
  }

  private DatasetException wrongCount(String found) {
    return new DatasetException(
        "split %s must have %d images, but its source has %s; check the source"
            .formatted(split.name(), shape.images(), found));
  }

  private void writeHeader(HdfFileChannel channel, long position, List<? extends Message> layout)
      throws IOException {
    DataSpace space =
        DataSpace.modifyDimensions(
            DataSpace.fromObject(getData()),
            new long[] {
              shape.images(),
              shape.image().height(),
              shape.image().width(),
              shape.image().channels()
            });
    List<Message> messages = new ArrayList<>();
    messages.add(DataTypeMessage.create(getDataType()));
    messages.add(DataSpaceMessage.create(space));
    messages.add(FillValueMessage.NO_FILL);
    messages.addAll(layout);
    ByteBuffer bytes = new ObjectHeaderV2(position, messages).toBuffer();
    if (bytes.remaining() > HEADER_BYTES) {
      throw new IllegalStateException(
          "an object header must fit into %d bytes, but has %d"
              .formatted(HEADER_BYTES, bytes.remaining()));
    }
    writeFully(channel, bytes, position);
  }

  private static long writeFully(HdfFileChannel channel, ByteBuffer bytes, long position) {
    long end = position;
    while (bytes.hasRemaining()) {
      end += channel.write(bytes, end);
    }
    return end;
  }
}
