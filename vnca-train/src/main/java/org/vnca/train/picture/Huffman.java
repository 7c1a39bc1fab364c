package org.vnca.train.picture;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Codes of whole bits, the shorter the more often a symbol is met, as deflate numbers them. */
final class Huffman {
  private final int[] lengths;
  private final int[] codes;

  private Huffman(int[] lengths) {
    this.lengths = lengths;
    this.codes = codes(lengths);
  }

  /**
   * Makes the codes; there is one at least.
   *
   * @param often how often each symbol is met
   * @param longest bits of a code at most
   */
  static Huffman of(int[] often, int longest) {
    int[] weights = often.clone();
    if (Arrays.stream(weights).allMatch(weight -> weight == 0)) {
      weights[0] = 1;
    }
    int[] lengths = lengths(weights);
    // Evener weights give evener codes.
    while (Arrays.stream(lengths).max().orElse(0) > longest) {
      weights = Arrays.stream(weights).map(weight -> (weight + 1) / 2).toArray();
      lengths = lengths(weights);
    }
    return new Huffman(lengths);
  }

  private static int[] lengths(int[] weights) {
    PriorityQueue<Node> nodes =
        new PriorityQueue<>(Comparator.comparingLong(Node::weight).thenComparingInt(Node::number));
    int number = 0;
    for (int symbol = 0; symbol < weights.length; symbol++) {
      if (weights[symbol] > 0) {
        nodes.add(new Node(weights[symbol], number++, symbol, null, null));
      }
    }
    int[] lengths = new int[weights.length];
    if (nodes.size() == 1) {
      lengths[nodes.remove().symbol] = 1;
      return lengths;
    }
    while (nodes.size() > 1) {
      Node one = nodes.remove();
      Node other = nodes.remove();
      nodes.add(new Node(one.weight + other.weight, number++, -1, one, other));
    }
    nodes.remove().measure(0, lengths);
    return lengths;
  }

  /** Deflate writes a code's highest bit first, so they are kept turned around. */
  private static int[] codes(int[] lengths) {
    int[] codes = new int[lengths.length];
    int next = 0;
    for (int length = 1; length <= 15; length++) {
      next <<= 1;
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] == length) {
          codes[symbol] = Integer.reverse(next++) >>> 32 - length;
        }
      }
    }
    return codes;
  }

  int[] lengths() {
    return lengths;
  }

  /** One more than the last symbol that has a code. */
  int used() {
    int used = lengths.length;
    while (lengths[used - 1] == 0) {
      used--;
    }
    return used;
  }

  void write(int symbol, Deflate.Bits bits) {
    bits.write(codes[symbol], lengths[symbol]);
  }

  private record Node(long weight, int number, int symbol, Node one, Node other) {
    void measure(int depth, int[] lengths) {
      if (one == null) {
        lengths[symbol] = depth;
      } else {
        one.measure(depth + 1, lengths);
        other.measure(depth + 1, lengths);
      }
    }
  }
}
