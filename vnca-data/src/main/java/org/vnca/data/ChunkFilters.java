package org.vnca.data;

import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.FilterManager;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a chunk's filters. Gzip and Fletcher-32 are done here, the rest by jHDF: its inflater
 * grows a buffer that we know the size of, its Fletcher-32 checks nothing, and it fails on a chunk
 * that the HDF5 library stored raw because compression would have made it longer.
 */
final class ChunkFilters {
  private static final int DEFLATE_ID = 1;

  private final List<PipelineFilterWithData> filters;
  private final int chunkBytes;

  /**
   * @param filters as applied on writing, first to last
   * @param chunkBytes length of a decoded chunk
   */
  ChunkFilters(List<PipelineFilterWithData> filters, int chunkBytes) {
    this.filters = List.copyOf(filters);
    this.chunkBytes = chunkBytes;
  }

  /**
   * The chunk's elements.
   *
   * @param where names the chunk in messages
   * @throws DatasetException if the bytes are damaged
   */
  byte[] decode(byte[] stored, String where) {
    byte[] bytes = stored;
    for (int i = filters.size() - 1; i >= 0; i--) {
      int decodedLength = lengthBefore(i);
      bytes = undo(filters.get(i), bytes, decodedLength, where);
    }
    if (bytes.length != chunkBytes) {
      throw new DatasetException(
          "%s must hold %d bytes, but holds %d; copy the file again"
              .formatted(where, chunkBytes, bytes.length));
    }
    return bytes;
  }

  /** Bytes that filter number {@code filter} was given when the chunk was written. */
  private int lengthBefore(int filter) {
    return chunkBytes
        + filters.stream().limit(filter).mapToInt(f -> isFletcher(f) ? Fletcher32.BYTES : 0).sum();
  }

  private static byte[] undo(
      PipelineFilterWithData filter, byte[] bytes, int decodedLength, String where) {
    if (isFletcher(filter)) {
      return Fletcher32.verified(bytes, where);
    }
    if (filter.getId() == DEFLATE_ID) {
      return bytes.length == decodedLength ? bytes : inflate(bytes, decodedLength, where);
    }
    FilterInfo info =
        new FilterInfo(filter.getId(), filter.getName(), false, filter.getFilterData());
    try {
      return FilterManager.getPipeline(List.of(info)).decode(bytes);
    } catch (HdfException | IndexOutOfBoundsException e) {
      throw new DatasetException(
          "%s cannot be decoded (%s); copy the file again".formatted(where, filter.getName()), e);
    }
  }

  private static boolean isFletcher(PipelineFilterWithData filter) {
    return filter.getId() == Fletcher32.FILTER_ID;
  }

  private static byte[] inflate(byte[] bytes, int length, String where) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      byte[] decoded = new byte[length];
      int done = 0;
      while (done < length) {
        int count = inflater.inflate(decoded, done, length - done);
        if (count == 0) {
          throw new DatasetException(
              "%s ends after %d of %d bytes; copy the file again".formatted(where, done, length));
        }
        done += count;
      }
      return decoded;
    } catch (DataFormatException e) {
      throw new DatasetException(where + " is not valid gzip data; copy the file again", e);
    } finally {
      inflater.end();
    }
  }
}
