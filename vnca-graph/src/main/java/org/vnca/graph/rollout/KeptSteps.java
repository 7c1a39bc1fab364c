package org.vnca.graph.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.TensorListPopBack;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;
import org.vnca.graph.nn.Loop;
import org.vnca.graph.nn.Saved;

/**
 * What a loop keeps of its steps for another one that takes them back, in tensor lists.
 *
 * @param form which tensor of a step is what
 * @param types of a step's tensors
 * @param places in which list each of them lies
 * @param lists handles, after the last step
 */
record KeptSteps(
    Saved.Form form,
    List<Class<? extends TNumber>> types,
    List<Integer> places,
    List<Operand<TType>> lists) {

  /** Of lists that may grow: how XLA's compiler must not have them. */
  private static final int ANY = -1;

  /**
   * Keeps a step's tensors one behind another in a list for each type, since each list takes four
   * operations more in every iteration.
   */
  static KeptSteps byType(Loop loop, Saved step) {
    List<Class<? extends TNumber>> different = step.types().stream().distinct().toList();
    return pushed(loop, step, step.types().stream().map(different::indexOf).toList(), ANY);
  }

  /** Keeps each of a step's tensors in a list of its own, which can be stacked. */
  static KeptSteps oneByOne(Loop loop, Saved step) {
    return pushed(loop, step, IntStream.range(0, step.types().size()).boxed().toList(), ANY);
  }

  /**
   * Keeps each of a step's tensors in a list of its own, with room for so many steps: as XLA's
   * compiler has lists, all tensors of one being of the same shape.
   *
   * @param most steps that the loop may take
   */
  static KeptSteps ofLength(Loop loop, Saved step, int most) {
    return pushed(loop, step, IntStream.range(0, step.types().size()).boxed().toList(), most);
  }

  private static KeptSteps pushed(Loop loop, Saved step, List<Integer> places, int most) {
    Ops tf = loop.tf();
    List<Class<? extends TNumber>> types = step.types();
    List<Loop.Variable<TType>> lists = new ArrayList<>();
    List<Operand<TType>> handles = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      int place = places.get(i);
      if (place == lists.size()) {
        lists.add(
            loop.variable(
                Loop.typed(
                    tf.emptyTensorList(tf.constant(-1), tf.constant(most), types.get(i))
                        .asOutput())));
        handles.add(lists.get(place).now());
      }
      Operand<TNumber> tensor = Loop.typed(step.operands().get(i));
      handles.set(place, Loop.typed(tf.tensorListPushBack(handles.get(place), tensor).asOutput()));
    }
    for (int place = 0; place < lists.size(); place++) {
      lists.get(place).next(handles.get(place));
    }
    return new KeptSteps(
        step.form(), types, places, lists.stream().map(Loop.Variable::last).toList());
  }

  /** Takes the last step that is left in each iteration of another loop. */
  Saved popped(Loop loop) {
    Ops tf = loop.tf();
    List<Loop.Variable<TType>> left = lists.stream().map(loop::variable).toList();
    List<Operand<TType>> handles = new ArrayList<>();
    left.forEach(list -> handles.add(list.now()));
    List<Operand<?>> tensors = new ArrayList<>();
    for (int i = types.size() - 1; i >= 0; i--) {
      int place = places.get(i);
      TensorListPopBack<? extends TNumber> last =
          tf.tensorListPopBack(handles.get(place), tf.constant(-1), types.get(i));
      handles.set(place, Loop.typed(last.outputHandle()));
      tensors.add(0, last.tensor());
    }
    for (int place = 0; place < left.size(); place++) {
      left.get(place).next(handles.get(place));
    }
    return form.of(tensors);
  }
}
