package org.vnca.data.hdf5;

/**
 * Elements one after the other, in the file or in the object's header, or never written at all. A
 * row of a file is one positional read.
 */
final class PlainStorage implements Storage {
  private static final String WHAT = "its data";

  private final FileBytes file;
  private final long address;
  private final byte[] compact;
  private final byte[] fill;
  private final int rowBytes;

  private PlainStorage(FileBytes file, long address, byte[] compact, byte[] fill, int rowBytes) {
    this.file = file;
    this.address = address;
    this.compact = compact;
    this.fill = fill;
    this.rowBytes = rowBytes;
  }

  /**
   * @param address of the first element; {@link Bytes#UNDEFINED} where none was ever written
   * @param bytes of all elements
   */
  static Storage contiguous(FileBytes file, long address, long bytes, int rowBytes, byte[] fill) {
    if (address != Bytes.UNDEFINED) {
      file.require(address, bytes, WHAT);
    }
    return new PlainStorage(file, address, null, fill, rowBytes);
  }

  /** Elements in the object's header. */
  static Storage compact(byte[] data, int rowBytes) {
    return new PlainStorage(null, 0, data, null, rowBytes);
  }

  @Override
  public void read(RowSet rows, byte[] target) {
    for (int i = 0; i < rows.count(); ) {
      int run = rows.run(i, rows.count());
      copy(rows.row(i) * rowBytes, target, rows.place(i) * rowBytes, run * rowBytes);
      i += run;
    }
  }

  private void copy(long from, byte[] target, int to, int count) {
    if (compact != null) {
      System.arraycopy(compact, (int) from, target, to, count);
    } else if (address == Bytes.UNDEFINED) {
      Storage.fill(target, to, count, fill);
    } else {
      file.read(address + from, target, to, count, WHAT);
    }
  }

  @Override
  public int rowsPerChunk() {
    return 1;
  }
}
