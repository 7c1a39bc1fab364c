package org.vnca.train.trainer;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How training ended.
 *
 * @param run the run's directory
 * @param step training steps done; the latest checkpoint is of this step
 * @param steps training steps that the experiment asks for
 * @param stopped whether it was stopped before the last one
 * @param validationNats the last bound on the validation split, nats per image, if there is one
 * @param bestNats the best such bound, at which the checkpoint {@code best} was taken
 * @param bestStep its step
 * @param seconds wall time of this process's training, validation and pictures included
 */
public record Outcome(
    Path run,
    long step,
    long steps,
    boolean stopped,
    OptionalDouble validationNats,
    OptionalDouble bestNats,
    OptionalLong bestStep,
    double seconds) {}
