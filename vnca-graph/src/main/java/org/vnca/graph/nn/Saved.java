package org.vnca.graph.nn;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.family.TNumber;

/**
 * What a forward pass leaves for the backward pass: a tree that has the form of the layers'. What
 * two layers need alike, such as the output of one that is the input of the next, stands in it
 * twice but is one operand, and kept once.
 *
 * @param own of a layer itself
 * @param parts of the layers that it is made of, in their order
 */
public record Saved(List<Operand<?>> own, List<Saved> parts) {
  /** Nothing. */
  public static final Saved NOTHING = new Saved(List.of(), List.of());

  public Saved {
    own = List.copyOf(own);
    parts = List.copyOf(parts);
  }

  /** Of a layer that is made of no others. */
  public static Saved of(Operand<?>... own) {
    return new Saved(List.of(own), List.of());
  }

  /** Of a layer that needs only what its parts need. */
  public static Saved ofParts(List<Saved> parts) {
    return new Saved(List.of(), parts);
  }

  /** Every operand once, in the order of the tree. */
  public List<Operand<?>> operands() {
    Set<Output<?>> all = new LinkedHashSet<>();
    collect(all);
    return List.copyOf(all);
  }

  private void collect(Set<Output<?>> all) {
    own.forEach(operand -> all.add(operand.asOutput()));
    parts.forEach(part -> part.collect(all));
  }

  /** The types of {@link #operands()}. */
  public List<Class<? extends TNumber>> types() {
    List<Class<? extends TNumber>> types = new ArrayList<>();
    operands().forEach(operand -> types.add(operand.asOutput().type().asSubclass(TNumber.class)));
    return types;
  }

  /** The tree without its operands. */
  public Form form() {
    return form(operands());
  }

  private Form form(List<Operand<?>> all) {
    return new Form(
        own.stream().map(operand -> all.indexOf(operand.asOutput())).toList(),
        parts.stream().map(part -> part.form(all)).toList());
  }

  /**
   * Where in the tree which operand stands, for operands that take the place of others.
   *
   * @param places in {@link Saved#operands()}, of a layer's own
   * @param parts of the layers that it is made of
   */
  public record Form(List<Integer> places, List<Form> parts) {
    /**
     * The same tree elsewhere, such as in a backward loop.
     *
     * @param operands that stand there for {@link Saved#operands()}
     */
    public Saved of(List<Operand<?>> operands) {
      return new Saved(
          places.stream().<Operand<?>>map(operands::get).toList(),
          parts.stream().map(part -> part.of(operands)).toList());
    }
  }
}
