package org.vnca.graph.device;

/**
 * A device that somebody asks for.
 *
 * @param device what
 * @param asked who asks, as the message begins where there is no GPU, such as {@code train.device}
 * @param otherwise how to ask for the CPU, such as {@code set train.device=cpu}
 */
public record DeviceRequest(Device device, String asked, String otherwise) {
  private static final String BY_OPTION = "use --device cpu";

  /** What a descriptor's {@code train.device} asks for, where {@code --set} can change it. */
  public static DeviceRequest setting(Device device) {
    return new DeviceRequest(device, "train.device", "set train.device=cpu");
  }

  /** What the option {@code --device} of a command asks for. */
  public static DeviceRequest option(Device device) {
    return new DeviceRequest(device, "--device", BY_OPTION);
  }

  /** What a descriptor asks for, where the command has {@code --device} to ask for another. */
  public static DeviceRequest replaceable(Device device) {
    return new DeviceRequest(device, "train.device", BY_OPTION);
  }

  /** The fault of a GPU that is not there: why, and what to do. */
  DeviceException missing() {
    return new DeviceException(asked + " is gpu, but " + MissingGpu.why() + ", or " + otherwise);
  }

  /** The same where {@code train.devices} names it. */
  DeviceException missingAmongSeveral() {
    String instead = otherwise.equals(BY_OPTION) ? BY_OPTION : "set train.devices=[]";
    return new DeviceException(
        "train.devices names GPUs, but " + MissingGpu.why() + ", or " + instead);
  }
}
