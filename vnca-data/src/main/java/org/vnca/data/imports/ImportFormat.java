package org.vnca.data.imports;

import java.util.List;
import java.util.Optional;
import org.vnca.base.kind.Kinds;

/**
 * One format that datasets are imported from: what the command {@code data import} calls it, its
 * options, and the import with these. A jar brings another one by naming its class in {@code
 * META-INF/services/org.vnca.data.imports.ImportFormat}.
 *
 * <p>The options are the components of the record {@link #defaults}, each of which says by {@link
 * ImportOption} what it does.
 */
public interface ImportFormat extends Kinds.Kind {

  /** What is imported, for the list of formats: a few words, such as {@code four idx files}. */
  String summary();

  /** What SOURCE is, a sentence; empty if the import needs none. */
  Optional<String> source();

  /** What else there is to know, a paragraph each. */
  default List<String> about() {
    return List.of();
  }

  /** What stands behind {@code data import} and the format's name in examples. */
  default List<String> examples() {
    return List.of((source().isPresent() ? "SOURCE " : "") + "--out data/" + type() + ".h5");
  }

  /**
   * The import.
   *
   * @param options of the class of {@link #defaults}
   */
  DatasetImport make(Record options);
}
