package org.vnca.graph.device;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of a machine's devices, written {@code gpu:0} or {@code cpu:1}.
 *
 * @param gpu whether it is a GPU; several CPU devices share the machine's cores
 * @param index from 0
 */
public record DeviceName(boolean gpu, int index) {
  private static final Pattern NAME = Pattern.compile("(cpu|gpu):(\\d{1,3})");

  /** The device of that name, if it is one. */
  public static Optional<DeviceName> parse(String text) {
    Matcher name = NAME.matcher(text);
    return name.matches()
        ? Optional.of(new DeviceName(name.group(1).equals("gpu"), Integer.parseInt(name.group(2))))
        : Optional.empty();
  }

  /** TensorFlow's name. */
  String tensorFlow() {
    return "/device:" + toString().toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return (gpu ? "gpu:" : "cpu:") + index;
  }
}
