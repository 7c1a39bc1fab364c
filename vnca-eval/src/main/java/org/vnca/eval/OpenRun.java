package org.vnca.eval;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.vnca.base.fault.Stopped;
import org.vnca.data.ImageDataset;
import org.vnca.data.Split;
import org.vnca.data.keyed.KeyedPermutation;
import org.vnca.graph.nn.Stream;
import org.vnca.graph.rule.UpdateRules;
import org.vnca.graph.session.VncaSession;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.train.experiment.Experiment;
import org.vnca.train.run.Checkpoints;
import org.vnca.train.run.RunDirectory;
import org.vnca.train.trainer.ModelChoice;
import org.vnca.train.trainer.ModelWeights;
import org.vnca.train.trainer.OpenedModel;
import org.vnca.train.trainer.RunImages;
import org.vnca.train.trainer.Watch;

/** A run's checkpoint that figures and studies look at; its dataset is opened when asked for. */
public final class OpenRun implements AutoCloseable {
  private final RunDirectory run;
  private final Experiment experiment;
  private final OpenedModel opened;
  private final ModelChoice model;
  private final Watch watch;
  private ImageDataset dataset;

  private OpenRun(
      RunDirectory run, Experiment experiment, OpenedModel opened, ModelChoice model, Watch watch) {
    this.model = model;
    this.run = run;
    this.experiment = experiment;
    this.opened = opened;
    this.watch = watch;
  }

  /**
   * Opens a run's best checkpoint, on the device that its descriptor asks for or on the CPU, and
   * prints nothing: for programs that use the project as a library.
   *
   * @param path the run's directory
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   */
  public static OpenRun open(Path path) {
    return open(path, ModelChoice.of(Checkpoints.BEST), Watch.silent());
  }

  /**
   * Opens a run.
   *
   * @param path the run's directory
   * @param model of which checkpoint, and on which device
   * @throws org.vnca.train.run.RunException if there is no such run or checkpoint
   */
  public static OpenRun open(Path path, ModelChoice model, Watch watch) {
    return open(path, model, GridSize.TRAINED, watch);
  }

  /**
   * Opens a run to draw images of any size of.
   *
   * @param size of the images
   * @throws StudyException as {@link GridSize#sideFor}
   */
  public static OpenRun open(Path path, ModelChoice model, GridSize size, Watch watch) {
    RunDirectory run = RunDirectory.open(path);
    Experiment experiment = run.experiment();
    OptionalInt side = size.sideFor(experiment.model().decoder(), run);
    OpenedModel opened = model.open(run, experiment, side, watch);
    return new OpenRun(run, experiment, opened, model, watch);
  }

  /** The run's directory. */
  public RunDirectory directory() {
    return run;
  }

  /** Step of the checkpoint. */
  public long step() {
    return opened.checkpoint().step();
  }

  /** The model. */
  public VncaSession session() {
    return opened.session();
  }

  /** Who watches the work. */
  public Watch watch() {
    return watch;
  }

  /** Which of the checkpoint's weights are looked at. */
  public ModelWeights weights() {
    return opened.weights();
  }

  /** Whether they are those that were trained although the checkpoint has their average. */
  public boolean besideAverage() {
    return opened.besideAverage();
  }

  /** The decoder's settings. */
  public DecoderSpec decoder() {
    return experiment.model().decoder();
  }

  /** The split that is measured. */
  public String testSplit() {
    return experiment.data().test();
  }

  /** The decoder's type, as descriptors write it. */
  public String decoderType() {
    return decoder().type();
  }

  /** The update rule's type, as descriptors write it; {@code none} without one. */
  public String updateType() {
    return decoder()
        .updateNet()
        .map(net -> UpdateRules.all().of((Record) net).type())
        .orElse("none");
  }

  /** Steps of one whole decoding; none for a decoder that is no automaton. */
  public int steps() {
    return decoder().decodingSteps();
  }

  /** Those of the {@link #steps} that are not of settling on the last grid. */
  public int growthSteps() {
    return decoder().decodingSteps() - decoder().settlingSteps();
  }

  /**
   * Refuses a decoder that is no automaton.
   *
   * @param what what needs one, such as {@code figure growth}
   * @throws StudyException if the run's decoder is convolutional
   */
  public void requireAutomaton(String what) {
    if (!session().sampling().grows()) {
      throw new StudyException(
          "%s needs a cellular automaton, but the decoder of %s is %s, whose hidden maps are no images; take a run whose model.decoder.type is doubling or non-doubling"
              .formatted(what, run, decoderType()));
    }
  }

  /**
   * Images of the test split, drawn at random without repetition.
   *
   * @param seed which draw; a longer one begins with the shorter
   * @param count how many; fewer where the split has fewer, all if 0
   * @throws org.vnca.data.fault.DatasetException if the dataset cannot be read or is another
   */
  public TestImages images(long seed, int count) {
    if (dataset == null) {
      dataset = Evaluation.open(run, experiment, model);
    }
    Split split = RunImages.split(experiment, dataset, testSplit());
    KeyedPermutation order = KeyedPermutation.of(Stream.SUBSET.key(seed), split.size());
    int[] indices = new int[count == 0 ? split.size() : Math.min(count, split.size())];
    Arrays.setAll(indices, order::at);
    return new TestImages(split, indices);
  }

  /**
   * Ends the work if that was asked for.
   *
   * @param what what ends, such as {@code figure growth}
   * @throws Stopped if so
   */
  public void requireGoingOn(String what) {
    if (watch.stop().requested()) {
      throw new Stopped(what + " was stopped; nothing was written");
    }
  }

  @Override
  public void close() {
    if (dataset != null) {
      dataset.close();
    }
    opened.close();
  }

  /** Images of a split. */
  public static final class TestImages {
    private final Split split;
    private final int[] indices;

    private TestImages(Split split, int[] indices) {
      this.split = split;
      this.indices = indices;
    }

    /** How many. */
    public int count() {
      return indices.length;
    }

    /** Which of the split they are, from one on, up to another: {@code [to - from]}. */
    public long[] numbers(int from, int to) {
      return Arrays.stream(indices, from, to).asLongStream().toArray();
    }

    /** The stored images from one on, up to another: {@code [to - from, h, w, channels]}. */
    public byte[] read(int from, int to) {
      return split.read(Arrays.copyOfRange(indices, from, to));
    }

    /** The labels of all, where the dataset has some: {@code [count]}. */
    public Optional<int[]> labels() {
      return split
          .labels()
          .map(all -> Arrays.stream(indices).map(index -> all[index] & 0xff).toArray());
    }
  }
}
