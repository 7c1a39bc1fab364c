package org.vnca.data.hdf5;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Text of various lengths, in collections all over the file. Thread-safe. */
final class GlobalHeap {
  private static final String WHAT = "a collection of text";
  private static final int KEPT = 16;

  private record Piece(int from, int length) {}

  /** The bytes of a collection, and where in them each text lies, by its number. */
  private static final class Collection {
    private final byte[] data;
    private final Map<Integer, Piece> pieces;

    Collection(byte[] data, Map<Integer, Piece> pieces) {
      this.data = data;
      this.pieces = pieces;
    }
  }

  private final FileBytes file;
  private final Map<Long, Collection> kept = new LinkedHashMap<>(16, 0.75f, true);

  GlobalHeap(FileBytes file) {
    this.file = file;
  }

  /** The text that an element refers to; empty where it was never written. */
  synchronized String text(Bytes reference) {
    long length = reference.u32();
    long address = reference.offset();
    int index = reference.i32();
    if (length == 0 || address == 0 || address == Bytes.UNDEFINED) {
      return "";
    }
    Collection collection = kept.get(address);
    if (collection == null) {
      collection = read(address);
      kept.put(address, collection);
      if (kept.size() > KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    Piece piece = collection.pieces.get(index);
    if (piece == null || piece.length < length) {
      throw Hdf5Fault.damaged("%s has no text of %d bytes with number %d", WHAT, length, index);
    }
    String text = new String(collection.data, piece.from, (int) length, StandardCharsets.UTF_8);
    int zero = text.indexOf(0);
    return zero < 0 ? text : text.substring(0, zero);
  }

  private Collection read(long address) {
    int head = 8 + file.lengthBytes();
    Bytes start = file.structure(address, head, WHAT);
    start.signature("GCOL", WHAT);
    start.skip(4);
    Bytes all = file.structure(address, start.length(), WHAT);
    byte[] data = all.copy().take(all.remaining());
    all.skip(head);
    Map<Integer, Piece> pieces = new HashMap<>();
    while (all.remaining() >= head) {
      int index = all.u16();
      all.skip(6);
      long length = all.length();
      if (index == 0) {
        break; // the free space at the end
      }
      if (length < 0 || length > all.remaining()) {
        throw Hdf5Fault.damaged("%s has a text of %d bytes", WHAT, length);
      }
      pieces.put(index, new Piece(all.position(), (int) length));
      all.skip((int) Math.min(all.remaining(), length + 7 & ~7L));
    }
    return new Collection(data, pieces);
  }
}
