package org.vnca.data.imports;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Collects what is worth telling, from many threads. A name counts once for each kind, however
 * often its file is read.
 */
final class ImportNotes {
  private static final int NAMED = 3;

  private final Map<ImportNote.Kind, Set<String>> names = new EnumMap<>(ImportNote.Kind.class);

  ImportNotes() {
    for (ImportNote.Kind kind : ImportNote.Kind.values()) {
      names.put(kind, new ConcurrentSkipListSet<>());
    }
  }

  /** Notes a file or link. */
  void add(ImportNote.Kind kind, String name) {
    names.get(kind).add(name);
  }

  /** Notes several things of one file. */
  void addAll(Set<ImportNote.Kind> kinds, String name) {
    kinds.forEach(kind -> add(kind, name));
  }

  /** What there is, in the order of the kinds; always the same for the same files. */
  List<ImportNote> list() {
    List<ImportNote> notes = new ArrayList<>();
    names.forEach(
        (kind, all) -> {
          if (!all.isEmpty()) {
            List<String> first = all.stream().limit(NAMED).map(PictureName::shown).toList();
            notes.add(new ImportNote(kind, all.size(), first));
          }
        });
    return notes;
  }
}
