package org.vnca.graph.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Why TensorFlow has no GPU: the wrong build, libraries that it cannot open, or no usable one. */
final class MissingGpu {
  private static final String BUILD = "/org/tensorflow/internal/c_api/linux-x86_64-gpu/";

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

  /** Says why, and what to do about it. */
  static String why() {
    if (MissingGpu.class.getResource(BUILD) == null) {
      return "this build has TensorFlow's CPU library; build with VNCA_GPU=1 ./vnca ... (or mvn"
          + " -Pgpu)";
    }
    List<String> missing = new ArrayList<>(LIBRARIES);
    missing.removeIf(known()::contains);
    return missing.isEmpty()
        ? "TensorFlow found no usable NVIDIA GPU; check nvidia-smi"
        : "TensorFlow cannot open "
            + String.join(", ", missing)
            + "; put the folder that has it on LD_LIBRARY_PATH";
  }

  /** File names of the libraries that the dynamic linker knows. */
  private static List<String> known() {
    List<String> names = new ArrayList<>();
    String path = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
    for (String folder : path.split(":", -1)) {
      if (!folder.isEmpty()) {
        LIBRARIES.stream().filter(name -> Files.exists(Path.of(folder, name))).forEach(names::add);
      }
    }
    String cache = output("ldconfig", "-p");
    LIBRARIES.stream().filter(cache::contains).forEach(names::add);
    return names;
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(5, TimeUnit.SECONDS) ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
