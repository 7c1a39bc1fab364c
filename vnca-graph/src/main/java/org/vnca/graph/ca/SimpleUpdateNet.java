package org.vnca.graph.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.vnca.graph.nn.Convolution;
import org.vnca.graph.nn.LayerGradient;
import org.vnca.graph.nn.Parameter;
import org.vnca.graph.nn.Parameters;
import org.vnca.graph.nn.Rounding;
import org.vnca.graph.spec.UpdateSpec;

/** conv3x3 - ELU - conv1x1 without bias (paper, section 3.3). */
final class SimpleUpdateNet implements UpdateNet {
  private final Convolution perceive;
  private final Convolution out;

  SimpleUpdateNet(UpdateSpec.Simple spec, String name, int channels) {
    perceive = Convolution.same(name + "/perceive", 3, channels, spec.hidden()).withElu();
    out =
        Convolution.same(name + "/out", 1, spec.hidden(), channels).withoutBias().startingAtZero();
  }

  private SimpleUpdateNet(Convolution perceive, Convolution out) {
    this.perceive = perceive;
    this.out = out;
  }

  @Override
  public List<Parameter> addTo(Parameters parameters) {
    List<Parameter> added = new ArrayList<>(perceive.addTo(parameters));
    added.addAll(out.addTo(parameters));
    return List.copyOf(added);
  }

  @Override
  public UpdateNet mapped(UnaryOperator<Convolution> change) {
    return new SimpleUpdateNet(change.apply(perceive), change.apply(out));
  }

  @Override
  public List<Convolution> convolutions() {
    return List.of(perceive, out);
  }

  @Override
  public List<Class<? extends TNumber>> savedTypes() {
    return List.of(perceive.readType(), Rounding.type(precision()));
  }

  @Override
  public Forward forward(Ops tf, Operand<TFloat32> z, List<? extends Operand<?>> weights) {
    Operand<?> seen = perceive.read(tf, z);
    Operand<TFloat32> activation = perceive.forwardOf(tf, seen, weights.subList(0, 2));
    Operand<?> h = Rounding.operand(tf, activation, precision());
    return new Forward(out.forward(tf, h, weights.subList(2, 3)), List.of(seen, h));
  }

  @Override
  public Backward backward(
      Ops tf,
      List<Operand<?>> saved,
      List<? extends Operand<?>> weights,
      Operand<TFloat32> dUpdate) {
    Operand<?> h = saved.get(1);
    LayerGradient last = out.backward(tf, h, null, weights.subList(2, 3), dUpdate, true);
    LayerGradient first =
        perceive.backwardOf(tf, saved.get(0), h, weights.subList(0, 2), last.dx(), true);
    List<Operand<TFloat32>> dWeights = new ArrayList<>(first.dWeights());
    dWeights.addAll(last.dWeights());
    return new Backward(first.dx(), dWeights);
  }
}
