package org.vnca.train.board;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.vnca.base.file.Reason;

/**
 * A new file of TFRecord frames: length (8 bytes), masked CRC32C of the length (4), the bytes, and
 * their masked CRC32C (4), all little-endian (TensorFlow, {@code core/lib/io/record_writer.h}).
 *
 * <p>A frame is handed to the operating system in one write, so that a reader of the live file, or
 * of what a killed process left, sees whole frames. A stream is used rather than a channel, because
 * an interrupt of the writing thread closes a channel.
 */
final class RecordFile implements AutoCloseable {
  private static final int FRAME_BYTES = Long.BYTES + 2 * Integer.BYTES;
  private static final int CRC_MASK = 0xa282ead8;

  private final Path path;
  private final FileOutputStream out;

  private RecordFile(Path path, FileOutputStream out) {
    this.path = path;
    this.out = out;
  }

  /**
   * Creates the file.
   *
   * @throws UncheckedIOException if it exists already or cannot be created
   */
  static RecordFile create(Path path) {
    try {
      if (Files.exists(path)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      return new RecordFile(path, new FileOutputStream(path.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create event file " + path + ": " + Reason.of(e), e);
    }
  }

  Path path() {
    return path;
  }

  /**
   * Appends one frame.
   *
   * @throws UncheckedIOException if it cannot be written, or the file is closed
   */
  synchronized void append(byte[] record) {
    ByteBuffer frame =
        ByteBuffer.allocate(FRAME_BYTES + record.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(record.length);
    frame.putInt(maskedCrc(frame.array(), 0, Long.BYTES));
    frame.put(record);
    frame.putInt(maskedCrc(record, 0, record.length));
    try {
      out.write(frame.array());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write event file " + path + ": " + Reason.of(e), e);
    }
  }

  /** Waits until the device holds all that was appended. */
  synchronized void sync() {
    try {
      out.getFD().sync();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot sync event file " + path + ": " + Reason.of(e), e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (out.getFD().valid()) {
        out.getFD().sync();
      }
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close event file " + path + ": " + Reason.of(e), e);
    }
  }

  /** CRC32C, rotated and offset so that the checksum of data that holds checksums stays sound. */
  private static int maskedCrc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }
}
