package org.vnca.cli.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Kills the program at random moments and goes on with what it did, until it is done; then compares
 * every file, bit for bit, with those of one that was never killed.
 *
 * <p>A third of the moments are uniform over the life of a process, a third lie just behind the
 * appearance of a file that is being written, a third just behind that of a first result, which is
 * to be gone on from.
 */
final class Kills {
  /** Of works at a time. */
  private static final int THREADS = 2;

  private final Path folder;
  private final PrintStream out;
  private final Jvm jvm;
  private final List<Work> works;
  private final int mostPerTrial;
  private final Map<Work, Map<String, String>> wanted = new ConcurrentHashMap<>();
  private final Map<Work, Double> seconds = new ConcurrentHashMap<>();
  private final Map<Work, int[]> done = new EnumMap<>(Work.class);
  private final Map<String, Integer> commands = new ConcurrentSkipListMap<>();
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

  /**
   * Makes the inputs and does all work once without a kill.
   *
   * @param folder for scratch
   * @param mostPerTrial how often a piece of work is killed at most
   */
  Kills(Path folder, List<Work> works, int mostPerTrial, PrintStream out) throws Exception {
    this.folder = folder;
    this.out = out;
    this.works = works;
    this.mostPerTrial = mostPerTrial;
    this.jvm = stock(folder.resolve("stock"));
    works.forEach(work -> done.put(work, new int[3]));
    each(this::whole);
  }

  private void whole(Work work) throws Exception {
    Path place = fresh(work, "whole");
    long began = System.nanoTime();
    int commands = 0;
    for (Optional<List<String>> next = work.next(place);
        next.isPresent();
        next = work.next(place)) {
      Jvm.Ended ended = jvm.call(place, next.get());
      commands++;
      if (ended.status() != 0 || commands > 4) {
        throw new IllegalStateException(next.get() + " failed: " + ended.text());
      }
    }
    seconds.put(work, (System.nanoTime() - began) / 1e9 / commands);
    wanted.put(work, Outcome.of(place));
  }

  /** Does something with each kind of work, some at a time. */
  private void each(Doing doing) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (Work work : works) {
        all.add(
            threads.submit(
                () -> {
                  doing.with(work);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Doing {
    void with(Work work) throws Exception;
  }

  /** A trial of each kind of work. */
  void round(long seed) throws Exception {
    each(work -> trial(work, seed));
  }

  /** The inputs of all work: a dataset, the files of a larger one, and a trained run. */
  static Jvm stock(Path stock) throws Exception {
    Files.createDirectories(stock);
    Workshop.writeIdx(stock.resolve("few"), 96, 200);
    Workshop.writeIdx(stock.resolve("many"), 30_000, 5_000);
    Workshop.writeDescriptors(stock);
    Jvm jvm = Jvm.pack(stock);
    require(jvm.call(stock, List.of(Workshop.importWords("few", Workshop.DATA))));
    require(
        jvm.callAndArchive(
            stock, List.of("train", Workshop.DESCRIPTOR, "--run", Work.RUN, "--quiet")));
    return jvm;
  }

  private static void require(Jvm.Ended ended) {
    if (ended.status() != 0) {
      throw new IllegalStateException(ended.text());
    }
  }

  private Path fresh(Work work, String name) throws IOException {
    Path place = folder.resolve(work.name().toLowerCase(java.util.Locale.ROOT) + "-" + name);
    Workshop.delete(place);
    Files.createDirectories(place);
    work.prepare(folder.resolve("stock"), place);
    return place;
  }

  /** One piece of work, killed and gone on with. */
  private void trial(Work work, long seed) throws Exception {
    Random random = new Random(seed * 31 + work.name().hashCode());
    Path place = fresh(work, Long.toString(seed));
    List<String> story = new ArrayList<>();
    List<String> found = new ArrayList<>();
    int kills = 1 + random.nextInt(mostPerTrial);
    for (int kill = 0; kill < kills && work.next(place).isPresent(); kill++) {
      String moment = killed(work, place, random, found);
      story.add(moment);
      found.addAll(pointers(place));
    }
    finish(work, place, found);
    found.addAll(Outcome.differences(wanted.get(work), Outcome.of(place)));
    done.get(work)[0]++;
    if (found.isEmpty()) {
      Workshop.delete(place);
    } else {
      done.get(work)[2]++;
      String fault = "%s, seed %d (%s): %s".formatted(work, seed, story, found);
      faults.add(fault);
      out.println("FAULT " + fault);
    }
    out.flush();
  }

  /** Starts the next command and kills it; says when. */
  private String killed(Work work, Path place, Random random, List<String> found) throws Exception {
    List<String> words = work.next(place).orElseThrow();
    Path log = folder.resolve("log-" + work);
    Process process =
        jvm.program(place, List.of(), words)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean children = random.nextBoolean();
    Moment moment = mostPerTrial == 1 ? Moment.UNDERWAY : Moment.values()[random.nextInt(3)];
    double share = random.nextDouble();
    int nth = 1 + random.nextInt(work.unfinished());
    long began = System.nanoTime();
    switch (moment) {
      case ANY ->
          process.waitFor((long) (share * 1.1e6 * seconds.get(work)), TimeUnit.MICROSECONDS);
      case UNFINISHED -> awaitUnfinished(process, place, nth);
      case UNDERWAY -> {
        while (process.isAlive() && !work.isUnderway(place)) {
          process.waitFor(1, TimeUnit.MILLISECONDS);
        }
      }
    }
    if (moment != Moment.ANY) {
      process.waitFor((long) (share * share * 20_000), TimeUnit.MICROSECONDS);
    }
    boolean alive = process.isAlive();
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    if (children) {
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
    process.waitFor();
    if (alive) {
      done.get(work)[1]++;
      String command = String.join(" ", words.subList(0, words.get(0).equals("weights") ? 2 : 1));
      commands.merge(command, 1, Integer::sum);
    } else if (process.exitValue() != 0) {
      found.add(words.get(0) + " after a kill: " + Jvm.ended(process, log).fault());
    }
    for (ProcessHandle descendant : descendants) {
      // Orphans go on; what they do is compared as well.
      descendant.onExit().get(Jvm.LONGEST_SECONDS, TimeUnit.SECONDS);
    }
    return "%skilled (%s %d) at %.2f s%s"
        .formatted(
            alive ? "" : "not ",
            moment,
            nth,
            (System.nanoTime() - began) / 1e9,
            descendants.isEmpty() ? "" : children ? " with its child" : " without its child");
  }

  private enum Moment {
    ANY,
    UNFINISHED,
    UNDERWAY
  }

  /** Until the nth file appears that has a name for what is not finished. */
  private static void awaitUnfinished(Process process, Path place, int nth) throws Exception {
    Set<Path> seen = new HashSet<>();
    while (process.isAlive() && seen.size() < nth) {
      try {
        for (Path path : Workshop.all(place)) {
          String name = path.getFileName().toString();
          if (name.startsWith(".") || name.endsWith(".partial")) {
            seen.add(path);
          }
        }
      } catch (UncheckedIOException e) {
        // A directory went while it was looked at.
      }
      process.waitFor(1, TimeUnit.MILLISECONDS);
    }
  }

  /** At any moment, the checkpoint that {@code latest} names is whole. */
  private static List<String> pointers(Path place) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path path : Workshop.all(place)) {
      if (path.getFileName().toString().equals("latest")) {
        org.vnca.train.run.RunDirectory.open(path.getParent())
            .checkpoints()
            .resolve("latest", notice -> found.add(notice));
      }
    }
    return found;
  }

  private void finish(Work work, Path place, List<String> found) throws Exception {
    for (int tries = 0; tries < 6; tries++) {
      Optional<List<String>> next = work.next(place);
      if (next.isEmpty()) {
        return;
      }
      Jvm.Ended ended = jvm.call(place, next.get());
      if (ended.status() != 0) {
        found.add(String.join(" ", next.get()) + " was not gone on with: " + ended.fault());
        return;
      }
    }
    found.add("it did not come to its end");
  }

  /** How many were killed so far. */
  int kills() {
    return done.values().stream().mapToInt(counts -> counts[1]).sum();
  }

  /** What differed, with the seeds. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** A line for each kind of work, and how often each command was killed. */
  String table() {
    StringBuilder table = new StringBuilder();
    done.forEach(
        (work, counts) ->
            table.append(
                "%-9s %4d trials, %4d kills, %d faults%n"
                    .formatted(work, counts[0], counts[1], counts[2])));
    return table.append(commands).toString();
  }
}
