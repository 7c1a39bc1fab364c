package org.vnca.data.imports;

import java.nio.file.Path;
import org.vnca.data.ImportProgress;
import org.vnca.data.fault.DatasetException;

/** Makes a dataset file from a published format. */
public interface DatasetImport {
  /**
   * Imports. The file appears complete or not at all, replacing what was there.
   *
   * @param source the folder with the published files
   * @param out the HDF5 file to make
   * @param progress hears of it
   * @throws DatasetException if a source file is missing or breaks its format, or {@code out}
   *     cannot be written
   */
  ImportSummary run(Path source, Path out, ImportProgress progress);
}
