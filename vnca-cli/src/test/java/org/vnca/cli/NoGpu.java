package org.vnca.cli;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.UpdateSpec;

/** What can be seen only where TensorFlow has no usable GPU. */
final class NoGpu {
  private NoGpu() {}

  /** Skips the test where a model that may use one does. */
  static void assume() {
    ModelSpec model =
        new ModelSpec(
            4,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(1, 3),
            DecoderSpec.Doubling.of(1, 1, UpdateSpec.Residual.of(4, 1)),
            new LikelihoodSpec.Bernoulli());
    InputSpec input = new InputSpec(new ImageShape(4, 4, 1), 0, true);
    try (VncaSession session =
        VncaSession.forEvaluation(
            model, input, 1, new Host(DeviceRequest.setting(Device.AUTO), 2))) {
      String device = session.device();
      assumeFalse(device.startsWith("GPU"), "TensorFlow has a GPU here: " + device);
    }
  }
}
