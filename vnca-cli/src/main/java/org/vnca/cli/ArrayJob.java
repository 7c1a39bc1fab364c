package org.vnca.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A sweep as one job of a cluster, each point a task of it.
 *
 * @param name the sweep's
 * @param points how many
 * @param atOnce how many tasks may run at a time; 0 for as many as the cluster likes
 * @param words the sweep's command line, without the program's name, up to the point's number
 */
record ArrayJob(String name, int points, int atOnce, List<String> words) {
  static final String SLURM = "slurm";
  static final String KUBERNETES = "kubernetes";

  /** What stands for an image or a volume until a person says which. */
  static final String IMAGE = "IMAGE";

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9@%+:,./_-][A-Za-z0-9@%+=:,./_-]*");
  private static final int LONGEST_NAME = 50;

  ArrayJob {
    words = List.copyOf(words);
  }

  /** A script for {@code sbatch}. */
  String slurm() {
    return """
        #!/bin/bash
        # Sweep %1$s: %2$d points, a task each. Submit it from the program's directory, with what
        # a point needs:
        #   %6$s | sbatch --time=24:00:00 --gres=gpu:1
        # The same again resumes what was stopped, killed or failed; finished points end at once.
        #SBATCH --job-name=%1$s
        #SBATCH --array=0-%3$d%4$s
        #SBATCH --output=%1$s-%%A-%%a.log
        #SBATCH --signal=B:TERM@120
        set -euo pipefail
        cd "${SLURM_SUBMIT_DIR:-.}"
        # exec, so that the signal two minutes before the end reaches the program, which then saves.
        exec %5$s"""
        .formatted(
            name,
            points,
            points - 1,
            atOnce == 0 ? "" : "%" + atOnce,
            command("SLURM_ARRAY_TASK_ID"),
            printing(SLURM));
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
        #   image:     one with bash, a JDK 17 or later, and Maven unless ./vnca is built already
        #   claimName: of a volume with this program's directory; its runs are written there
        #   resources: what a point needs, such as limits: {nvidia.com/gpu: 1}
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
              # Time to save a checkpoint when a pod is stopped.
              terminationGracePeriodSeconds: 120
              containers:
                - name: vnca
                  image: %5$s
                  workingDir: /vnca
                  command:
                    - bash
                    - -c
                    - %6$s
                  resources: {}
                  volumeMounts:
                    - name: vnca
                      mountPath: /vnca
              volumes:
                - name: vnca
                  persistentVolumeClaim:
                    claimName: CLAIM"""
        .formatted(
            name,
            points,
            label(),
            atOnce == 0 ? points : Math.min(atOnce, points),
            Json.write(image),
            Json.write("exec " + command("JOB_COMPLETION_INDEX")),
            printing(KUBERNETES));
  }

  /** The command that prints this again. */
  private String printing(String kind) {
    String jobs = atOnce == 0 ? "" : " --jobs " + atOnce;
    return shell(words).replaceAll("\\s", " ") + jobs + " --print " + kind;
  }

  private String command(String variable) {
    return shell(words) + " --only \"$" + variable + "\" --quiet";
  }

  /** A name as Kubernetes allows it. */
  private String label() {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String brief = plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
    return brief.replaceAll("^-+|-+$", "");
  }

  /** The program with words, as a shell reads them. */
  static String shell(List<String> words) {
    List<String> line = new ArrayList<>(List.of(Usage.PROGRAM));
    words.forEach(word -> line.add(quoted(word)));
    return String.join(" ", line);
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
