package org.vnca.cli.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vnca.base.fault.Hint;
import org.vnca.base.kind.Jar;
import org.vnca.cli.frame.Json;
import org.vnca.train.run.RunException;

/**
 * A sweep as one job of a cluster, each point a task of it.
 *
 * @param name the sweep's
 * @param points how many
 * @param atOnce how many tasks may run at a time; 0 for as many as the cluster likes
 * @param words the sweep's command line, with the program, up to the point's number
 * @param jars from outside, where tasks find them, in the form of {@code VNCA_CLASSPATH}; empty for
 *     none
 */
record ArrayJob(String name, int points, int atOnce, List<String> words, String jars) {
  static final String SLURM = "slurm";
  static final String KUBERNETES = "kubernetes";

  /** What stands for an image or a volume until a person says which. */
  static final String IMAGE = "IMAGE";

  /** The program in an image that the Containerfile makes. */
  static final String IN_IMAGE = "vnca";

  /** The largest number of a task by Slurm's default, MaxArraySize = 1001. */
  static final int SLURM_LARGEST = 1000;

  private static final String SLURM_HEAD =
      """
      #SBATCH --output=%s-%%A-%%a.log
      #SBATCH --signal=B:TERM@120
      set -euo pipefail\
      """;

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9@%+:,./_-][A-Za-z0-9@%+=:,./_-]*");
  private static final int LONGEST_NAME = 50;

  ArrayJob {
    words = List.copyOf(words);
  }

  /**
   * A part of the points that Slurm takes as one array, because its numbers are at most {@link
   * #SLURM_LARGEST}.
   *
   * @param first the number of its first point
   * @param tasks how many points
   * @param atOnce how many of them may run at a time; 0 for as many as the cluster likes
   */
  record Slice(int first, int tasks, int atOnce) {
    /** Its task's numbers, which begin at 0, as {@code --array} takes them. */
    String array() {
      return "0-" + (tasks - 1) + (atOnce == 0 ? "" : "%" + atOnce);
    }
  }

  /** What {@code sbatch} is to be given: one array if they fit, otherwise several. */
  List<Slice> arrays() {
    if (points - 1 <= SLURM_LARGEST) {
      return List.of(new Slice(0, points, atOnce));
    }
    int count = (points + SLURM_LARGEST - 1) / SLURM_LARGEST;
    // No array knows of the others, so each has its share of what may run at a time.
    int share = atOnce == 0 ? 0 : Math.max(1, atOnce / count);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Slice(
                    i * SLURM_LARGEST, Math.min(SLURM_LARGEST, points - i * SLURM_LARGEST), share))
        .toList();
  }

  /**
   * A script for {@code sbatch}, which may be called in any directory.
   *
   * @param directory in which the points run: a descriptor's data may be relative to it
   */
  String slurm(Path directory) {
    return arrays().size() == 1 ? oneArray(directory) : severalArrays(directory);
  }

  private String oneArray(Path directory) {
    return """
    #!/bin/bash
    # Sweep %1$s: %2$d points, a task each. Submit it with what a point needs:
    #   %3$s | sbatch --time=24:00:00 --gres=gpu:1
    # A GPU is used only if VNCA_GPU=1 is exported before, which sbatch passes on.
    # The same again resumes what was stopped, killed or failed; finished points end at once.
    #SBATCH --job-name=%1$s
    #SBATCH --array=%4$s
    %5$s
    %6$s\
    """
        .formatted(
            name,
            points,
            printing(SLURM),
            arrays().get(0).array(),
            SLURM_HEAD.formatted(name),
            slurmCommand(directory, "SLURM_ARRAY_TASK_ID"));
  }

  private String severalArrays(Path directory) {
    return """
    #!/bin/bash
    # Sweep %1$s: %2$d points, a task each. An array of Slurm's has no number above %3$d
    # (MaxArraySize %4$d, unless the cluster sets another), so these are %5$d arrays, and the
    # script is told the number of each one's first point. Submit them with what
    # a point needs, such as --time=24:00:00 --gres=gpu:1 (a GPU is used only if VNCA_GPU=1 is
    # exported before, which sbatch passes on):
    #   %6$s > job.sh
    %7$s
    # The same again resumes what was stopped, killed or failed; finished points end at once.
    #SBATCH --job-name=%1$s
    %8$s
    first="${1:?give the number of the first point, as the first lines of the script say}"
    %9$s\
    """
        .formatted(
            name,
            points,
            SLURM_LARGEST,
            SLURM_LARGEST + 1,
            arrays().size(),
            printing(SLURM),
            arrays().stream()
                .map(slice -> "#   sbatch --array=" + slice.array() + " job.sh " + slice.first())
                .collect(Collectors.joining("\n")),
            SLURM_HEAD.formatted(name),
            slurmCommand(directory, "((first + SLURM_ARRAY_TASK_ID))"));
  }

  private String slurmCommand(Path directory, String number) {
    return """
    cd -- %s
    %s# exec, so that the signal two minutes before the end reaches the program, which then saves.
    exec %s\
    """
        .formatted(
            quoted(directory.toString()),
            jars.isEmpty() ? "" : "export %s=%s\n".formatted(Jar.VARIABLE, quoted(jars)),
            command(number));
  }

  /**
   * A path as pods see it, relative to the directory that their volume holds.
   *
   * @param directory where the command is given, whose copy the volume is
   * @throws RunException if the path leads out of it
   */
  static Path inVolume(Path path, Path directory) {
    Path relative = directory.relativize(path.toAbsolutePath().normalize());
    if (relative.startsWith("..")) {
      throw new RunException(
          "%s lies outside of %s, and pods see only what is in their volume; give the command in the directory that the volume holds, with paths in it"
              .formatted(path, directory));
    }
    return relative;
  }

  /**
   * A manifest for {@code kubectl create -f}.
   *
   * @param image of the containers, or {@link #IMAGE}
   */
  String kubernetes(String image) {
    return """
    # Sweep %1$s: %2$d points, a pod each.
    #   %7$s --image IMAGE > FILE
    #   kubectl create -f FILE
    # Fill in before:
    #   image:     one that the Containerfile makes: the program is vnca, the user 10001
    #   claimName: of a volume with the sweep's files, data and jars, as they lie in the directory in
    #              which this was printed; the runs are written there
    #   resources: what a point needs, such as limits: {nvidia.com/gpu: 1} and the image for GPUs
    # The same again resumes what was stopped, killed or failed; finished points end at once.
    apiVersion: batch/v1
    kind: Job
    metadata:
      generateName: %3$s-
    spec:
      completionMode: Indexed
      completions: %2$d
      parallelism: %4$d
      # Each point has its own tries (Kubernetes 1.29 or later): one that fails ends no other.
      backoffLimitPerIndex: 2
      maxFailedIndexes: %2$d
      template:
        spec:
          restartPolicy: Never
          securityContext: {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001}
          # Time to save a checkpoint when a pod is stopped.
          terminationGracePeriodSeconds: 120
          containers:
            - name: vnca
              image: %5$s
              workingDir: /work%8$s
              command:
                - bash
                - -c
                - %6$s
              resources: {}
              volumeMounts:
                - name: work
                  mountPath: /work
          volumes:
            - name: work
              persistentVolumeClaim:
                claimName: CLAIM\
    """
        .formatted(
            name,
            points,
            label(),
            atOnce == 0 ? points : Math.min(atOnce, points),
            Json.write(image),
            Json.write("exec " + command("JOB_COMPLETION_INDEX")),
            printing(KUBERNETES),
            jars.isEmpty() ? "" : environment());
  }

  private String environment() {
    return Stream.of(
            "# jars of the volume, relative to workingDir",
            "env:",
            "  - name: " + Jar.VARIABLE,
            "    value: " + Json.write(jars))
        .map(line -> "\n          " + line)
        .collect(Collectors.joining());
  }

  /** The command that prints this again. */
  private String printing(String kind) {
    String jobs = atOnce == 0 ? "" : " --jobs " + atOnce;
    // In a Job the words begin with the image's own program, which is not the one here.
    String command =
        words.get(0).equals(IN_IMAGE) ? shell(words.subList(1, words.size())) : line(words);
    return command.replaceAll("\\s", " ") + jobs + " --print " + kind;
  }

  private String command(String variable) {
    return line(words) + " --only \"$" + variable + "\" --quiet";
  }

  /** A name as Kubernetes allows it. */
  private String label() {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String brief = plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
    return brief.replaceAll("^-+|-+$", "");
  }

  /** The program with words, as a shell reads them. */
  static String shell(List<String> words) {
    return Hint.program() + " " + line(words);
  }

  private static String line(List<String> words) {
    return words.stream().map(ArrayJob::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
