package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.LayerGradient;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Rounding;
import org.vnca.graph.spec.UpdateSpec;

/**
 * conv3x3, residual blocks h + conv1x1(ELU(conv1x1(h))), conv1x1 (paper, section 2.2); or with
 * another kernel in place of 1x1 and the last channels of a cell held constant (A.8).
 *
 * <p>Saved are z as the first convolution reads it, h_0, then for each block the ELU's output and
 * the block's output: every input of a convolution.
 */
final class ResidualUpdateNet implements UpdateNet {
  private final Convolution perceive;
  private final List<Block> blocks;
  private final Convolution out;
  private final int constant;

  ResidualUpdateNet(UpdateSpec.Residual spec, String name, int channels) {
    int hidden = spec.hidden();
    int kernel = spec.kernel();
    constant = spec.constantChannels();
    perceive = Convolution.same(name + "/perceive", 3, channels, hidden);
    blocks = new ArrayList<>();
    for (int i = 0; i < spec.blocks(); i++) {
      String block = name + "/res" + i;
      blocks.add(
          new Block(
              Convolution.same(block + "/a", kernel, hidden, hidden).withElu(),
              Convolution.same(block + "/b", kernel, hidden, hidden)));
    }
    out = Convolution.same(name + "/out", kernel, hidden, channels - constant).startingAtZero();
  }

  private ResidualUpdateNet(ResidualUpdateNet net, UnaryOperator<Convolution> change) {
    perceive = change.apply(net.perceive);
    blocks = net.blocks.stream().map(b -> new Block(change.apply(b.a), change.apply(b.b))).toList();
    out = change.apply(net.out);
    constant = net.constant;
  }

  @Override
  public List<Parameter> addTo(Parameters parameters) {
    List<Parameter> added = new ArrayList<>(perceive.addTo(parameters));
    for (Block block : blocks) {
      added.addAll(block.a.addTo(parameters));
      added.addAll(block.b.addTo(parameters));
    }
    added.addAll(out.addTo(parameters));
    return List.copyOf(added);
  }

  @Override
  public UpdateNet mapped(UnaryOperator<Convolution> change) {
    return new ResidualUpdateNet(this, change);
  }

  @Override
  public List<Convolution> convolutions() {
    List<Convolution> all = new ArrayList<>(List.of(perceive));
    blocks.forEach(block -> all.addAll(List.of(block.a, block.b)));
    all.add(out);
    return List.copyOf(all);
  }

  @Override
  public List<Class<? extends TNumber>> savedTypes() {
    List<Class<? extends TNumber>> types = new ArrayList<>();
    types.add(perceive.readType());
    types.addAll(Collections.nCopies(1 + 2 * blocks.size(), Rounding.type(precision())));
    return types;
  }

  @Override
  public Forward forward(Ops tf, Operand<TFloat32> z, List<? extends Operand<?>> weights) {
    List<Operand<?>> saved = new ArrayList<>();
    saved.add(perceive.read(tf, z));
    Operand<TFloat32> h = perceive.forwardOf(tf, saved.get(0), weights.subList(0, 2));
    saved.add(rounded(tf, h));
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      Operand<?> e = rounded(tf, block.a.forward(tf, saved.get(1 + 2 * i), ofA(i, weights)));
      h = tf.math.add(h, block.b.forward(tf, e, ofB(i, weights)));
      saved.add(e);
      saved.add(rounded(tf, h));
    }
    return new Forward(
        widened(tf, out.forward(tf, saved.get(1 + 2 * blocks.size()), ofOut(weights))), saved);
  }

  @Override
  public Backward backward(
      Ops tf,
      List<Operand<?>> saved,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dUpdate) {
    List<List<Operand<TFloat32>>> reversed = new ArrayList<>();
    Operand<?> h = saved.get(1 + 2 * blocks.size());
    LayerGradient last = out.backward(tf, h, null, ofOut(weights), narrowed(tf, dUpdate), true);
    reversed.add(last.dWeights());
    Operand<TFloat32> dh = last.dx();
    for (int i = blocks.size() - 1; i >= 0; i--) {
      Block block = blocks.get(i);
      Operand<?> e = saved.get(2 + 2 * i);
      LayerGradient b = block.b.backward(tf, e, null, ofB(i, weights), dh, true);
      LayerGradient a =
          block.a.backward(tf, saved.get(1 + 2 * i), e, ofA(i, weights), b.dx(), true);
      dh = tf.math.add(dh, a.dx());
      reversed.add(b.dWeights());
      reversed.add(a.dWeights());
    }
    LayerGradient first =
        perceive.backwardOf(tf, saved.get(0), null, weights.subList(0, 2), dh, true);
    reversed.add(first.dWeights());
    List<Operand<TFloat32>> dWeights = new ArrayList<>();
    for (int i = reversed.size() - 1; i >= 0; i--) {
      dWeights.addAll(reversed.get(i));
    }
    return new Backward(first.dx(), dWeights);
  }

  /** As the convolutions read it. */
  private Operand<?> rounded(Ops tf, Operand<TFloat32> h) {
    return Rounding.operand(tf, h, precision());
  }

  /** With zeros for the constant channels. */
  private Operand<TFloat32> widened(Ops tf, Operand<TFloat32> update) {
    return constant == 0
        ? update
        : tf.pad(
            update,
            tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {0, constant}}),
            tf.constant(0f));
  }

  /** Without the constant channels. */
  private Operand<TFloat32> narrowed(Ops tf, Operand<TFloat32> dUpdate) {
    return constant == 0
        ? dUpdate
        : tf.stridedSlice(dUpdate, Indices.ellipsis(), Indices.sliceTo(out.out()));
  }

  private static <T> List<T> ofA(int block, List<T> weights) {
    return weights.subList(2 + 4 * block, 4 + 4 * block);
  }

  private static <T> List<T> ofB(int block, List<T> weights) {
    return weights.subList(4 + 4 * block, 6 + 4 * block);
  }

  private <T> List<T> ofOut(List<T> weights) {
    return weights.subList(2 + 4 * blocks.size(), 4 + 4 * blocks.size());
  }

  private record Block(Convolution a, Convolution b) {}
}
