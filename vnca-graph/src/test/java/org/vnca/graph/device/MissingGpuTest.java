package org.vnca.graph.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.GraphAccess;

class MissingGpuTest {
  /** Asked of the library itself, since an archive has it as a file and in no jar. */
  @Test
  void built_isSaidByTheLibrary() {
    boolean inAJar =
        MissingGpuTest.class.getResource("/org/tensorflow/internal/c_api/linux-x86_64-gpu/")
            != null;
    assertThat(MissingGpu.built()).isEqualTo(inAJar);
    assertThat(GraphAccess.kindsOfDevices("MatMul")).contains("CPU");
    assertThat(GraphAccess.kindsOfDevices("NoSuchOperation")).isEmpty();
  }
}
