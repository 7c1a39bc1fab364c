package org.vnca.eval.export;

import java.util.List;
import java.util.Map;

/**
 * An exported model.
 *
 * @param run the run's directory
 * @param step of the checkpoint
 * @param directory of the SavedModel
 * @param bytes length of its file
 * @param signatures what can be called
 * @param weights {@code average} or {@code trained}
 */
public record ExportReport(
    String run,
    long step,
    String directory,
    long bytes,
    List<Signature> signatures,
    String weights) {
  public ExportReport {
    signatures = List.copyOf(signatures);
  }

  /**
   * What can be called.
   *
   * @param name its key
   * @param inputs type and shape by name; a size of -1 is free
   * @param outputs likewise
   */
  public record Signature(String name, Map<String, String> inputs, Map<String, String> outputs) {}
}
