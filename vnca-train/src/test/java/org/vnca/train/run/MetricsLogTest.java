package org.vnca.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir Path folder;

  @Test
  void goingOn_dropsLaterLinesAndAnUnfinishedOne() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file, -1)) {
      log.append(0, Map.of("lossNats", 500.5));
      log.append(10, Map.of("lossNats", Double.NaN));
      log.append(10, Map.of("validationNats", -90));
      assertThat(Files.readAllLines(file)).hasSize(3);
      log.append(20, Map.of("lossNats", 2));
    }
    Files.writeString(file, "{\"step\":5,\"lo", StandardOpenOption.APPEND);
    assertThat(MetricsLog.read(file)).hasSize(4);
    try (MetricsLog log = MetricsLog.open(file, 10)) {
      log.append(11, Map.of("lossNats", 3));
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"step\":0,\"lossNats\":500.5}",
            "{\"step\":10,\"lossNats\":\"NaN\"}",
            "{\"step\":10,\"validationNats\":-90}",
            "{\"step\":11,\"lossNats\":3}");
    MetricsLog.open(file, -1).close();
    assertThat(file).isEmptyFile();
    assertThat(folder.toFile().list()).containsExactly("metrics.jsonl");
  }

  @Test
  void steps_mustNotFall() throws IOException {
    try (MetricsLog log = MetricsLog.open(folder.resolve("metrics.jsonl"), 10)) {
      assertThatThrownBy(() -> log.append(9, Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("steps must not fall, but 9 follows 10 in ");
    }
  }

  @Test
  void read_ofNoFile_isEmpty() {
    assertThat(MetricsLog.read(folder.resolve("none"))).isEqualTo(List.of());
  }
}
