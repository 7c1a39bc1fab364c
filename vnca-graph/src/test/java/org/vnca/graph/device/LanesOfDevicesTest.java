package org.vnca.graph.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.ConfigProto;
import org.vnca.graph.spec.ConvolutionAlgorithm;

/** How a CPU's threads are given to parts of a batch, and to operations. */
class LanesOfDevicesTest {
  private static final long LARGE = Long.MAX_VALUE;
  private static final long TINY = 1000;

  /** Threads, batch, then lanes, and the threads of an operation. */
  @ParameterizedTest
  @CsvSource({
    "1, 32, 1, 1",
    "2, 32, 2, 1",
    "2, 31, 1, 2",
    "2, 1, 1, 2",
    "4, 6, 3, 1",
    "16, 32, 4, 4",
    "3, 4, 2, 1"
  })
  void lanes_divideTheBatch_andShareTheThreads(int threads, int batch, int lanes, int each) {
    Devices.Choice choice = choose(threads, OptionalInt.of(batch), LARGE, false);
    assertThat(choice.lanes()).isEqualTo(lanes);
    ConfigProto config = Devices.config(choice, threads);
    assertThat(config.getIntraOpParallelismThreads()).isEqualTo(each);
    assertThat(config.getInterOpParallelismThreads()).isEqualTo(threads);
  }

  @Test
  void batchOfAnySize_hasALaneForEachThread_upToFour() {
    assertThat(choose(2, OptionalInt.empty(), LARGE, false).lanes()).isEqualTo(2);
    assertThat(choose(64, OptionalInt.empty(), LARGE, false).lanes()).isEqualTo(4);
  }

  @Test
  void oneImageOfASmallModel_hasOneThread() {
    ConfigProto config = Devices.config(choose(2, OptionalInt.of(1), TINY, false), 2);
    assertThat(config.getIntraOpParallelismThreads()).isEqualTo(1);
    assertThat(config.getInterOpParallelismThreads()).isEqualTo(1);
  }

  /** XLA divides its program among the threads itself. */
  @Test
  void compiledModel_hasOneLane_andAllThreads() {
    Devices.Choice choice = choose(2, OptionalInt.of(32), TINY, true);
    assertThat(choice.lanes()).isEqualTo(1);
    assertThat(Devices.config(choice, 2).getIntraOpParallelismThreads()).isEqualTo(2);
  }

  private static Devices.Choice choose(int threads, OptionalInt batch, long flops, boolean xla) {
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            threads,
            ConvolutionAlgorithm.WINOGRAD,
            xla,
            List.of(),
            Optional.empty());
    return Devices.choose(host, new Devices.Work(batch, flops));
  }
}
