package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;

/**
 * Several lists of operands that go into a loop as one, and are several again inside.
 *
 * @param lists in their order
 */
public record Groups(List<List<Operand<?>>> lists) {
  public Groups {
    lists = lists.stream().map(List::copyOf).toList();
  }

  /** Lists in this order. */
  public static Groups of(List<Operand<?>> first, List<Operand<?>> second) {
    return new Groups(List.of(first, second));
  }

  /** Lists in this order. */
  public static Groups of(List<Operand<?>> first, List<Operand<?>> second, List<Operand<?>> third) {
    return new Groups(List.of(first, second, third));
  }

  /** All operands in one list. */
  public List<Operand<?>> all() {
    return lists.stream().<Operand<?>>flatMap(List::stream).toList();
  }

  /** The list at a place. */
  public List<Operand<?>> get(int place) {
    return lists.get(place);
  }

  /**
   * The same groups of other operands.
   *
   * @param others as many as {@link #all()} has, in its order
   */
  public Groups inside(List<Operand<?>> others) {
    List<List<Operand<?>>> divided = new ArrayList<>();
    int next = 0;
    for (List<Operand<?>> list : lists) {
      List<Operand<?>> group = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        group.add(others.get(next++));
      }
      divided.add(group);
    }
    if (next != others.size()) {
      throw new IllegalArgumentException(others.size() + " operands for " + next);
    }
    return new Groups(divided);
  }
}
