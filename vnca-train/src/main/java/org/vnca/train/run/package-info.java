/**
 * A run on disk: its directory, its checkpoints, its metrics, and lists of runs.
 *
 * <p>One process at a time writes a run ({@link org.vnca.train.run.RunWriter}, guarded by a file
 * lock); any number read it meanwhile. Whatever moment a writer is killed at, each file is either
 * the old or the new one, and the checkpoint that {@code latest} names is whole: things are written
 * beside their place, forced to disk (directories too, which needs a POSIX system), and renamed.
 *
 * <pre>
 * RUN/experiment.yaml      the descriptor as resolved
 *     manifest.json        where the run comes from: commit, data, versions, device, command line
 *     state.json, lock     who writes the run, or how it ended
 *     digest               what lists of runs say of the descriptor and the metrics; may be deleted
 *     metrics.jsonl        a line a report
 *     steps/N/             a checkpoint: its files, manifest.json, manifest.sha256
 *     latest, best         text: steps/N
 *     events/train, events/validation, evaluation/*.json, figures/*.png
 * </pre>
 *
 * <p>Not here: what the files of a checkpoint hold (the trainer writes and reads them), event
 * files, and how a list of runs is printed.
 */
package org.vnca.train.run;
