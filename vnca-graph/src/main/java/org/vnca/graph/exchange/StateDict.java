package org.vnca.graph.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.ModelSpec;

/**
 * How a model's weights are called and laid out in a state_dict of the authors' program (paper, A.5
 * and A.6).
 *
 * <p>The numbers in the names count the modules of a {@code Sequential}, activations among them. A
 * kernel is OIHW there (IOHW if transposed) and HWIO (HWOI) here; the dense layers see a map
 * flattened by channels there and by positions here.
 */
public final class StateDict {
  private static final int[] LAST_TO_FIRST = {3, 2, 0, 1};
  private static final int SEED_SIDE = 2;

  private final List<Entry> entries;

  private StateDict(List<Entry> entries) {
    this.entries = Collections.unmodifiableList(entries);
  }

  /**
   * The entries of a model.
   *
   * @param shapes of the model's trainable parameters by their names
   * @throws IllegalArgumentException if the authors' program has nothing like the model; the
   *     message says what
   */
  public static StateDict of(ModelSpec spec, Map<String, int[]> shapes) {
    spec.decoder()
        .missingInPytorch()
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(
                  "the authors' program has no names for " + reason + ", so its weights stay here");
            });
    List<Entry> entries = new ArrayList<>();
    shapes.forEach((parameter, shape) -> entries.add(entry(spec, parameter, shape)));
    return new StateDict(entries);
  }

  private static Entry entry(ModelSpec spec, String parameter, int[] shape) {
    int slash = parameter.lastIndexOf('/');
    String layer = parameter.substring(0, slash);
    String name = module(spec.decoder(), layer) + parameter.substring(slash).replace('/', '.');
    int last = shape[shape.length - 1];
    if (layer.equals("decoder/dense")) {
      int channels = last / (SEED_SIDE * SEED_SIDE);
      return shape.length == 1
          ? new Entry(
              parameter, name, ints(SEED_SIDE, SEED_SIDE, channels), ints(2, 0, 1), ints(last))
          : new Entry(
              parameter,
              name,
              ints(shape[0], SEED_SIDE, SEED_SIDE, channels),
              ints(3, 1, 2, 0),
              ints(last, shape[0]));
    }
    if (layer.equals("encoder/dense") && shape.length == 2) {
      int channels = spec.encoder().filters() << (EncoderSpec.LAYERS - 1);
      int side = (int) Math.round(Math.sqrt((double) shape[0] / channels));
      return new Entry(
          parameter, name, ints(side, side, channels, last), LAST_TO_FIRST, ints(last, shape[0]));
    }
    return shape.length == 4
        ? new Entry(parameter, name, shape, LAST_TO_FIRST, permuted(shape, LAST_TO_FIRST))
        : new Entry(parameter, name, shape, ints(0), shape);
  }

  private static String module(DecoderSpec decoder, String layer) {
    String number = layer.replaceAll("\\D", "");
    if (layer.startsWith("encoder/conv")) {
      return "encoder." + 2 * Integer.parseInt(number);
    }
    if (layer.equals("encoder/dense")) {
      return "encoder.11";
    }
    if (layer.equals("decoder/dense")) {
      return "decoder_linear.0";
    }
    if (layer.equals("decoder/perceive")) {
      return "nca.update_net.0";
    }
    if (layer.equals("decoder/out")) {
      return "nca.update_net." + decoder.updateNet().orElseThrow().lastModuleInPytorch();
    }
    if (layer.startsWith("decoder/up")) {
      return "decoder." + 2 * Integer.parseInt(number);
    }
    if (!layer.matches("decoder/res\\d+/[ab]")) {
      throw new IllegalStateException("the layer " + layer + " has no name in PyTorch");
    }
    // decoder/res3/a: the fourth block's first layer.
    String block = "nca.update_net." + (Integer.parseInt(number) + 1) + ".delegate.";
    return block + (layer.endsWith("/a") ? 0 : 2);
  }

  private static int[] permuted(int[] shape, int[] order) {
    return Arrays.stream(order).map(axis -> shape[axis]).toArray();
  }

  private static int[] ints(int... values) {
    return values;
  }

  /** In the order of the parameters. */
  public List<Entry> entries() {
    return entries;
  }

  /** A name as the state_dict has it that is looked for: without {@code module.}. */
  public static String plain(String name) {
    return (name.startsWith("module.") ? name.substring("module.".length()) : name)
        .replaceFirst("^nca\\.module\\.", "nca.");
  }

  /** A name with the {@code module.} that the authors' {@code DataParallel} puts into it (A.5). */
  public static String parallel(String name) {
    return name.replaceFirst("^nca\\.", "nca.module.");
  }

  /**
   * A weight in both programs.
   *
   * @param parameter its name here
   * @param name its name there
   * @param view its shape here, with the axes apart that a dense layer has in one
   * @param order which of those axes is the first there, the second, and so on
   * @param shape its shape there
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Entry(String parameter, String name, int[] view, int[] order, int[] shape) {

    /** From the layout there to the one here. */
    public float[] toOwn(float[] theirs) {
      float[] own = new float[theirs.length];
      int[] places = places();
      for (int i = 0; i < theirs.length; i++) {
        own[places[i]] = theirs[i];
      }
      return own;
    }

    /** From the layout here to the one there. */
    public float[] toTheirs(float[] own) {
      float[] theirs = new float[own.length];
      int[] places = places();
      for (int i = 0; i < own.length; i++) {
        theirs[i] = own[places[i]];
      }
      return theirs;
    }

    /** For each value in their order, where it is here. */
    private int[] places() {
      int[] strides = new int[view.length];
      int size = 1;
      for (int axis = view.length - 1; axis >= 0; axis--) {
        strides[axis] = size;
        size *= view[axis];
      }
      int[] places = new int[size];
      int[] index = new int[order.length];
      int place = 0;
      for (int i = 0; i < size; i++) {
        places[i] = place;
        for (int axis = order.length - 1; axis >= 0; axis--) {
          place += strides[order[axis]];
          if (++index[axis] < view[order[axis]]) {
            break;
          }
          place -= index[axis] * strides[order[axis]];
          index[axis] = 0;
        }
      }
      return places;
    }
  }
}
