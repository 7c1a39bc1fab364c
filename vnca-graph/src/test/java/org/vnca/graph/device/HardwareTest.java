package org.vnca.graph.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareTest {
  @TempDir Path cards;

  @Test
  void cpu_hasAName() {
    assertThat(Hardware.cpu()).startsWith("CPU");
  }

  @Test
  void gpu_hasTheNameOfTheCards_whereAllAreAlike() throws IOException {
    assertThat(Hardware.gpu("1", cards.resolve("none"))).isEqualTo("GPU 1");
    assertThat(Hardware.gpu("1", cards)).isEqualTo("GPU 1");
    card("0000:1a:00.0", "NVIDIA H100 80GB HBM3");
    card("0000:2b:00.0", "NVIDIA H100 80GB HBM3");
    assertThat(Hardware.gpu("1", cards)).isEqualTo("GPU 1 (NVIDIA H100 80GB HBM3)");
    card("0000:3c:00.0", "NVIDIA T4");
    assertThat(Hardware.gpu("1", cards)).isEqualTo("GPU 1");
  }

  private void card(String bus, String model) throws IOException {
    Path folder = Files.createDirectory(cards.resolve(bus));
    Files.writeString(
        folder.resolve("information"), "Model: \t\t %s\nIRQ:   \t\t 42\n".formatted(model));
  }
}
