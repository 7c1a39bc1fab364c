package org.vnca.cli;

import java.util.List;

/**
 * Several command lines one after the other in a process of their own, so that its class path has
 * to be read once.
 */
final class Lines {
  /** Between what the lines said. */
  static final String MARK = "==== ";

  private Lines() {}

  /** One command line an argument, its words separated by tabs; -D sets a system property. */
  public static void main(String[] lines) {
    for (String line : lines) {
      if (line.startsWith("-D")) {
        String[] property = line.substring(2).split("=", 2);
        System.setProperty(property[0], property[1]);
        continue;
      }
      Called called = Called.with(List.of(line.split("\t", -1)).toArray(String[]::new));
      System.out.println(called.out() + called.err() + MARK + called.status());
    }
  }
}
