package org.vnca.graph.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.GraphAccess;
import org.vnca.base.fault.Hint;

/** Why TensorFlow has no GPU: the wrong build, no driver, libraries that it cannot open. */
final class MissingGpu {
  private static final String DRIVER = "libcuda.so.1";

  /** TensorFlow registers a GPU only if it can open all of these. */
  private static final List<String> LIBRARIES =
      List.of(
          "libcudart.so.12",
          "libcublas.so.12",
          "libcublasLt.so.12",
          "libcufft.so.11",
          "libcusolver.so.11",
          "libcusparse.so.12",
          "libcudnn.so.9");

  private MissingGpu() {}

  /** Whether TensorFlow's library is the one for GPUs, wherever it was loaded from. */
  static boolean built() {
    return GraphAccess.kindsOfDevices("MatMul").contains("GPU");
  }

  /** Says why, and what to do about it. */
  static String why() {
    if (!built()) {
      return Hint.packed()
          ? "this archive has TensorFlow's CPU library; unpack the one whose name ends in -gpu"
          : "this build has TensorFlow's CPU library; build with VNCA_GPU=1 %s (or mvn -Pgpu)"
              .formatted(Hint.command("..."));
    }
    if (fault(DRIVER).isPresent()) {
      return "there is no NVIDIA driver ("
          + DRIVER
          + "); install it, or give this container the GPU";
    }
    List<String> missing = new ArrayList<>();
    LIBRARIES.forEach(name -> fault(name).ifPresent(missing::add));
    return missing.isEmpty()
        ? "TensorFlow found no usable NVIDIA GPU; check nvidia-smi and CUDA_VISIBLE_DEVICES"
        : "TensorFlow cannot open "
            + String.join(", ", missing)
            + "; put the folder that has it on LD_LIBRARY_PATH";
  }

  /**
   * Opens a library as TensorFlow does, by its name.
   *
   * @return the name if it is not there, or the linker's words if it does not open all the same,
   *     such as for want of another one; empty if it opens
   */
  private static Optional<String> fault(String name) {
    try {
      Loader.loadGlobal(name);
      return Optional.empty();
    } catch (UnsatisfiedLinkError e) {
      String words = String.valueOf(e.getMessage());
      return Optional.of(words.startsWith(name + ": cannot open") ? name : words);
    }
  }
}
