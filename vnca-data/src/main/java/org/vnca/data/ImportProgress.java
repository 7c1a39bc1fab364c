package org.vnca.data;

/** Hears how far an import is. Called by one thread at a time. */
public interface ImportProgress {
  /** Hears and says nothing. */
  ImportProgress SILENT =
      new ImportProgress() {
        @Override
        public void begin(String split, int images) {}

        @Override
        public void advance(int images) {}

        @Override
        public void end() {}
      };

  /**
   * A split's images begin.
   *
   * @param images how many there will be
   */
  void begin(String split, int images);

  /**
   * Images have been written.
   *
   * @param images how many more since the last call
   */
  void advance(int images);

  /** The split is done, or failed. */
  void end();
}
