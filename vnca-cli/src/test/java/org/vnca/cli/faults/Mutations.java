package org.vnca.cli.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vnca.cli.Called;

/**
 * Mutates inputs and calls the program with each, all in one virtual machine. What was tried, read
 * and refused is counted by kind; every fault is printed with its seed.
 */
final class Mutations {
  /** Of this process's own time, so that a busy machine is no fault. */
  private static final long LONGEST_SECONDS = 20;

  /** Of any time, for what waits. */
  private static final long HANGS_MILLIS = 180_000;

  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  /** What no person should read: names of classes, and the words of the last resort. */
  private static final Pattern RAW =
      Pattern.compile(
          "unexpected [A-Z]\\w*(Exception|Error)|\\w+Exception|--debug prints|TensorFlow: "
              + "|out of memory|reading or writing failed|no message|: null(?:[;)]|$)|\\bjava\\.|org\\.\\w+\\.");

  private final Path folder;
  private final Path current;
  private final PrintStream out;
  private final Map<String, int[]> counts = new LinkedHashMap<>();
  private int faults;
  private volatile String underway = "";
  private volatile long since = System.currentTimeMillis();

  private Mutations(Path folder, PrintStream out) {
    this.folder = folder;
    this.current = folder.resolve("current");
    this.out = out;
  }

  /** Tries inputs of seeds from one on, up to another. */
  private void run(Subject subject, long from, long to) throws IOException {
    int[] count = counts.computeIfAbsent(subject.name(), name -> new int[4]);
    Path whole = folder.resolve(subject.name() + "-whole");
    Path work = folder.resolve(subject.name());
    Workshop.delete(whole);
    Workshop.delete(work);
    Files.createDirectories(whole);
    subject.prepare(whole);
    // The inputs know their place, so the mutated ones take it.
    Files.move(whole, work);
    Workshop.copy(work, whole);
    for (long seed = from; seed < to; seed++) {
      underway = subject.name() + " " + seed;
      since = System.currentTimeMillis();
      Files.writeString(current, underway);
      long before = SYSTEM.getProcessCpuTime();
      String fault = one(subject, whole, work, seed, count);
      double seconds = (SYSTEM.getProcessCpuTime() - before) / 1e9;
      count[0]++;
      if (fault.isEmpty() && seconds > LONGEST_SECONDS) {
        fault = "it took %.1f s of processor time".formatted(seconds);
      }
      if (!fault.isEmpty()) {
        count[3]++;
        faults++;
        out.printf("FAULT %s %d: %s%n", subject.name(), seed, fault);
      }
    }
    underway = "";
    Workshop.delete(whole);
    Workshop.delete(work);
  }

  private String one(Subject subject, Path whole, Path work, long seed, int[] count)
      throws IOException {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + subject.name().hashCode());
    List<Path> files = subject.files(work);
    Path file = files.get(random.nextInt(files.size()));
    Path other = files.get(random.nextInt(files.size()));
    byte[] original = Files.readAllBytes(file);
    byte[] mutated =
        new Mutator(random).mutate(original, Files.readAllBytes(other), subject.isText(file));
    Files.write(file, mutated);
    Set<String> before = names(work);
    Called called = subject.call(work, file, random);
    String fault;
    if (called.status() == 0) {
      count[1]++;
      String wrong = subject.wrong(work, called);
      fault = wrong.isEmpty() ? "" : "read wrongly: " + wrong;
    } else {
      count[2]++;
      fault = refusal(called, work);
    }
    for (Path made : subject.made(work)) {
      if (called.status() == 0) {
        Workshop.delete(made);
      }
    }
    if (subject.changesItself()) {
      Workshop.delete(work);
      Workshop.copy(whole, work);
    } else {
      Set<String> left = names(work);
      if (!left.equals(before)) {
        fault += " left over or gone: " + difference(before, left);
        Workshop.delete(work);
        Workshop.copy(whole, work);
      }
      Files.write(file, original);
    }
    return fault.isEmpty()
        ? ""
        : "%s (%s of %d bytes%s): %s"
            .formatted(
                work.relativize(file),
                Arrays.equals(original, mutated) ? "the same" : "mutated",
                mutated.length,
                mutated.length == original.length ? "" : ", once " + original.length,
                fault);
  }

  private static String difference(Set<String> before, Set<String> left) {
    Set<String> more = new TreeSet<>(left);
    more.removeAll(before);
    Set<String> gone = new TreeSet<>(before);
    gone.removeAll(left);
    return more + ", " + gone;
  }

  private static Set<String> names(Path folder) {
    return Workshop.all(folder).stream()
        .map(path -> folder.relativize(path).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is wrong with a refusal; empty if nothing is. */
  private static String refusal(Called called, Path work) {
    List<String> lines = called.err().lines().filter(line -> line.startsWith("vnca: ")).toList();
    String err = called.err().strip();
    if (called.status() != 1 || lines.size() != 1) {
      return "status %d and not one line: %s".formatted(called.status(), err);
    }
    String line = lines.get(0);
    if (RAW.matcher(line.replace(work.toString(), "")).find()) {
      return "raw: " + line;
    }
    if (!line.contains(work.getFileName().toString())) {
      return "it names no file: " + line;
    }
    if (line.length() > 2_000 || line.chars().anyMatch(c -> c < ' ')) {
      return "no line for people: " + line;
    }
    return called.out().isEmpty() ? "" : "refused, but with an answer: " + called.out();
  }

  private String table() {
    return counts.entrySet().stream()
        .map(
            entry ->
                "%-12s %6d tried, %6d read, %6d refused, %4d faults"
                    .formatted(
                        entry.getKey(),
                        entry.getValue()[0],
                        entry.getValue()[1],
                        entry.getValue()[2],
                        entry.getValue()[3]))
        .collect(Collectors.joining("\n"));
  }

  private void startWatch() {
    Thread watch =
        new Thread(
            () -> {
              while (true) {
                try {
                  Thread.sleep(500);
                } catch (InterruptedException e) {
                  return;
                }
                if (!underway.isEmpty() && System.currentTimeMillis() - since > HANGS_MILLIS) {
                  out.printf("FAULT %s: hangs%n", underway);
                  Thread.getAllStackTraces()
                      .forEach(
                          (thread, trace) -> {
                            if (thread.getName().equals("main")) {
                              out.println(Arrays.toString(trace));
                            }
                          });
                  out.flush();
                  Runtime.getRuntime().halt(3);
                }
              }
            });
    watch.setDaemon(true);
    watch.start();
  }

  /**
   * Runs.
   *
   * @param args the folder for scratch, the folder of HDF5 fixtures, then {@code KIND:FROM:TO},
   *     with seeds, for each kind
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    Path folder = Path.of(args[0]).toAbsolutePath();
    Files.createDirectories(folder);
    List<Subject> subjects = Subjects.all(folder, Path.of(args[1]));
    Mutations mutations = new Mutations(folder, out);
    mutations.startWatch();
    for (String what : Arrays.asList(args).subList(2, args.length)) {
      String[] parts = what.split(":", -1);
      List<Subject> chosen = new ArrayList<>(subjects);
      chosen.removeIf(subject -> !parts[0].equals("all") && !subject.name().equals(parts[0]));
      for (Subject subject : chosen) {
        mutations.run(subject, Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      }
    }
    out.println(mutations.table());
    out.println("faults: " + mutations.faults);
    out.flush();
    System.exit(mutations.faults == 0 ? 0 : 1);
  }
}
