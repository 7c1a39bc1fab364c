package org.vnca.graph;

import org.vnca.graph.nn.Parameter;

/** The golden files' names and layouts of this project's parameters. */
public final class GoldenWeights {
  private GoldenWeights() {}

  /** The name of a parameter in the golden files. */
  public static String name(String parameter) {
    return parameter
        .replace("encoder/dense", "enc.linear")
        .replace("encoder/", "enc.")
        .replace("decoder/", "nca.")
        .replace('/', '.');
  }

  /** The tensor that belongs to a parameter (a value, a gradient, a moment), in its layout. */
  public static Values of(Golden golden, String group, Parameter parameter) {
    Values stored = golden.get(group + "/" + name(parameter.name()));
    return parameter.name().equals("encoder/dense/weight")
        ? stored.denseBehind(channels(golden, group))
        : stored.weight();
  }

  /** Channels of the last convolution; in the training file the weights are those of one case. */
  private static int channels(Golden golden, String group) {
    String first = group.substring(0, group.indexOf('/'));
    String owner =
        golden.children(first).contains("weights")
            ? first
            : golden.children("/").stream()
                .filter(name -> golden.has(name, "weights"))
                .findFirst()
                .orElseThrow();
    return golden.get(owner + "/weights/enc.conv4.bias").shape()[0];
  }
}
