package org.vnca.graph.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnca.base.image.ImageShape;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceName;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Host;
import org.vnca.graph.spec.ConvolutionAlgorithm;
import org.vnca.graph.spec.DecoderSpec;
import org.vnca.graph.spec.EncoderSpec;
import org.vnca.graph.spec.InputSpec;
import org.vnca.graph.spec.LikelihoodSpec;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.ModelSpec;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Posterior;
import org.vnca.graph.spec.Precision;
import org.vnca.graph.spec.UpdateSpec;
import org.vnca.graph.training.Adam;
import org.vnca.graph.training.TrainingStep;

/** What a pool can be told: from when it is read, which entries it keeps, whose KL counts. */
class PoolControlsTest {
  private static final int SIDE = 8;
  private static final int BATCH = 8;
  private static final int SIZE = 24;
  private static final InputSpec INPUT = new InputSpec(new ImageShape(SIDE, SIDE, 1), 0, true);
  private static final PoolSpec POOL = new PoolSpec(SIZE, 4, PoolSpec.Used.STAY);
  private static final DecoderSpec SETTLING =
      DecoderSpec.Doubling.of(2, 2, new UpdateSpec.Simple(4)).with(new DecoderSpec.Settle(1, 3, 2));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(MemoryPolicy.class)
  void from_beforeIt_trainsAsWithoutAPool(MemoryPolicy memory) {
    try (VncaSession later = session(POOL.with(5, 0, PoolSpec.Kl.FRESH), memory, 1);
        VncaSession never = session(PoolSpec.NONE, memory, 1)) {
      List<Training.StepValues> pooled = train(later, 0, 5);
      List<Training.StepValues> plain = train(never, 0, 5);
      for (int i = 0; i < 5; i++) {
        assertThat(pooled.get(i).loss()).isCloseTo(plain.get(i).loss(), within(1e-4f));
      }
      assertThat(later.training().poolEntries()).hasSize(SIZE);
      Map<String, float[]> expected = never.variables().values();
      expected.forEach(
          (name, values) ->
              assertThat(later.variables().values().get(name))
                  .containsExactly(values, within(1e-5f)));
      float read = later.training().step(images(5), 5).loss();
      assertThat(read).isNotCloseTo(never.training().step(images(5), 5).loss(), within(1e-3f));
    }
  }

  @Test
  void loss_countsTheKlOfAllImages_orOfTheFreshOnes() {
    try (VncaSession all = session(POOL, MemoryPolicy.STORE, 1);
        VncaSession fresh = session(POOL.with(0, 0, PoolSpec.Kl.FRESH), MemoryPolicy.STORE, 1)) {
      for (int step = 0; step < 4; step++) {
        double kl = 0;
        // Its first step has no entry to read.
        int counted = step == 0 ? BATCH : BATCH / 2;
        float[] each = kls(fresh, step);
        for (int i = 0; i < counted; i++) {
          kl += each[i] / BATCH;
        }
        Training.StepValues figures = fresh.training().step(images(step), step);
        assertThat((double) figures.loss() - figures.reconstruction())
            .isCloseTo(kl, within(1e-4 * (1 + kl)));
        assertThat(kl).as("a difference that is seen").isPositive();
        Training.StepValues paper = all.training().step(images(step), step);
        assertThat(paper.loss()).isCloseTo(paper.reconstruction() + paper.kl(), within(1e-3f));
      }
      assertThat(all.variables().values().get("encoder/conv0/weight"))
          .isNotEqualTo(fresh.variables().values().get("encoder/conv0/weight"));
    }
  }

  /** KL of each image of a step's batch. */
  private static float[] kls(VncaSession session, int step) {
    long[] numbers = IntStream.range(0, BATCH).asLongStream().toArray();
    return session.sampling().importanceSamples(images(step), numbers, 0, 1).kl();
  }

  @Test
  void aLimitThatNothingReaches_changesNoBit() {
    try (VncaSession limited = session(POOL.with(0, 1e6, PoolSpec.Kl.ALL), MemoryPolicy.STORE, 1);
        VncaSession free = session(POOL, MemoryPolicy.STORE, 1)) {
      assertThat(train(limited, 0, 6)).isEqualTo(train(free, 0, 6));
      assertThat(limited.training().poolEntries()).isEqualTo(free.training().poolEntries());
      requireEqual(limited.variables().values(), free.variables().values());
    }
  }

  @Test
  void entriesBeyondTheLimit_areNotPutBack_andAreCounted() {
    try (VncaSession session = session(POOL.with(0, 1, PoolSpec.Kl.ALL), MemoryPolicy.STORE, 1)) {
      int all = 0;
      for (int step = 0; step < 12; step++) {
        int before = session.training().poolEntries().length;
        int dropped = session.training().step(images(step), step).dropped();
        all += dropped;
        assertThat(dropped).isBetween(0, step == 0 ? 0 : BATCH / 2);
        assertThat(session.training().poolEntries())
            .hasSize(Math.min(SIZE, before + BATCH) - dropped)
            .doesNotHaveDuplicates();
      }
      // Of those that are read one in two is damaged, and so beyond the others' median.
      assertThat(all).isBetween(6, 11 * BATCH / 2);
    }
  }

  @ParameterizedTest
  @CsvSource({"STORE,1", "RECOMPUTE,1", "STORE,2", "RECOMPUTE,2"})
  void resumed_isTheSameAsNotStopped(MemoryPolicy memory, int devices) {
    PoolSpec pool = POOL.with(3, 1, PoolSpec.Kl.FRESH);
    Path saved = folder.resolve("variables");
    List<Training.StepValues> figures;
    Map<String, float[]> straight;
    int[] entries;
    try (VncaSession session = session(pool, memory, devices)) {
      train(session, 0, 5);
      session.save(saved, 5);
      figures = train(session, 5, 6);
      straight = session.variables().values();
      entries = session.training().poolEntries();
    }
    assertThat(figures.stream().mapToInt(Training.StepValues::dropped).sum()).isPositive();
    try (VncaSession session = session(pool, memory, devices)) {
      session.restore(saved);
      assertThat(train(session, 5, 6)).isEqualTo(figures);
      assertThat(session.training().poolEntries()).isEqualTo(entries);
      requireEqual(session.variables().values(), straight);
    }
  }

  /** The median is that of all devices together. */
  @Test
  void stepsOfTwoDevices_thatReadNoEntry_areThoseOfOne() {
    PoolSpec pool = POOL.with(4, 1, PoolSpec.Kl.FRESH);
    try (VncaSession one = session(pool, MemoryPolicy.STORE, 1);
        VncaSession two = session(pool, MemoryPolicy.STORE, 2)) {
      List<Training.StepValues> alone = train(one, 0, 4);
      List<Training.StepValues> together = train(two, 0, 4);
      for (int i = 0; i < 4; i++) {
        assertThat(together.get(i).loss()).isCloseTo(alone.get(i).loss(), within(1e-3f));
        assertThat(together.get(i).dropped()).isZero();
      }
      int dropped = 0;
      for (Training.StepValues step : train(two, 4, 6)) {
        assertThat(step.finite()).isTrue();
        dropped += step.dropped();
      }
      assertThat(dropped).isPositive();
    }
  }

  private static List<Training.StepValues> train(VncaSession session, int from, int steps) {
    List<Training.StepValues> figures = new ArrayList<>();
    for (int step = from; step < from + steps; step++) {
      figures.add(session.training().step(images(step), step));
    }
    return figures;
  }

  private static void requireEqual(Map<String, float[]> got, Map<String, float[]> expected) {
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(got.get(name)).as(name).isEqualTo(values));
  }

  private static VncaSession session(PoolSpec pool, MemoryPolicy memory, int devices) {
    ModelSpec model =
        new ModelSpec(
            8,
            Posterior.LOG_VARIANCE,
            new EncoderSpec(2, 5),
            SETTLING,
            new LikelihoodSpec.Bernoulli());
    TrainingStep.Settings settings =
        new TrainingStep.Settings(
            1,
            10,
            memory,
            Precision.FLOAT32,
            // With a small epsilon, Adam would make whole steps of the roundings of a zero.
            new Adam.Settings(0.1, 0.9, 0.999, 1),
            pool);
    List<DeviceName> names =
        devices == 1 ? List.of() : List.of(new DeviceName(false, 0), new DeviceName(false, 1));
    Host host =
        new Host(
            DeviceRequest.setting(Device.CPU),
            2,
            ConvolutionAlgorithm.WINOGRAD,
            false,
            names,
            Optional.empty());
    VncaSession session = VncaSession.forTraining(model, INPUT, 1, settings, host);
    session.initialize();
    return session;
  }

  /** Of every batch others: a dark half, and dots. */
  private static byte[] images(int step) {
    SplittableRandom random = new SplittableRandom(step);
    byte[] images = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      boolean dark = i % SIDE < SIDE / 2;
      boolean dot = random.nextInt(8) == 0;
      images[i] = (byte) (dot == dark ? 1 : 0);
    }
    return images;
  }
}
