package org.vnca.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vnca.cli.frame.Text;
import org.vnca.graph.session.StepTrace;
import org.vnca.train.bench.Bench;
import org.vnca.train.bench.BenchReport;

/**
 * Where the time of a training step goes.
 *
 * @param experiment the descriptor's name
 * @param device in words
 * @param precision {@code float32} or {@code bfloat16}
 * @param batch images of the step
 * @param secondsPerStep median of the timed steps, without statistics
 * @param peakDeviceMemoryBytes by device
 * @param operations kinds of operations, the longest first
 */
public record OperationTimes(
    String experiment,
    String device,
    String precision,
    int batch,
    double secondsPerStep,
    Map<String, Long> peakDeviceMemoryBytes,
    List<Row> operations) {

  static OperationTimes of(Bench.Measured measured) {
    BenchReport report = measured.report();
    double all = measured.operations().stream().mapToDouble(StepTrace.OperationTime::seconds).sum();
    return new OperationTimes(
        report.experiment(),
        report.device(),
        report.precision(),
        report.batch(),
        report.secondsPerStep(),
        report.peakDeviceMemoryBytes(),
        measured.operations().stream()
            .map(
                time ->
                    new Row(
                        time.device(),
                        time.operation(),
                        time.count(),
                        1e3 * time.seconds(),
                        all == 0 ? 0 : time.seconds() / all))
            .toList());
  }

  /** The first rows under their headings. */
  String table(int rows) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("operation", "device", "count", "ms", "share"));
    operations.stream().limit(rows).forEach(row -> table.add(row.cells()));
    return Text.table(table);
  }

  /**
   * A kind of operation.
   *
   * @param device on which it ran
   * @param operation TensorFlow's name
   * @param count how often it was run
   * @param milliseconds added up over runs and threads; on a GPU those of launching kernels
   * @param share of the milliseconds of all
   */
  public record Row(
      String device, String operation, long count, double milliseconds, double share) {
    private List<String> cells() {
      return List.of(
          operation,
          device,
          Text.count(count),
          String.format(Locale.ROOT, "%.2f", milliseconds),
          String.format(Locale.ROOT, "%.1f %%", 100 * share));
    }
  }
}
