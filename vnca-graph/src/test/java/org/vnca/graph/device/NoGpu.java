package org.vnca.graph.device;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** What can be seen only where TensorFlow has no usable GPU. */
public final class NoGpu {
  private NoGpu() {}

  /** Skips the test where there is one. */
  public static void assume() {
    Devices.Choice found = Devices.choose(new Host(DeviceRequest.setting(Device.AUTO), 2));
    assumeFalse(found.gpu(), "TensorFlow has a GPU here: " + found.name());
  }
}
