package org.vnca.train.bench;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a benchmark measured.
 *
 * @param experiment the descriptor's name
 * @param what {@code train}, {@code evaluate}, {@code sample} or {@code import}
 * @param device in words
 * @param precision in which convolutions multiply: {@code float32} or {@code bfloat16}; what
 *     evaluates or samples does so in float32, and {@code import} has none
 * @param batch images (or, for {@code evaluate}, decodings) of a step; for {@code import} of what
 *     is read at once
 * @param imagesPerStep the same number, but for {@code import} all that are written and read
 * @param runs timed steps
 * @param secondsPerStep median
 * @param secondsLeast the fastest
 * @param secondsMost the slowest
 * @param imagesPerSecond of the median; for {@code evaluate} decodings
 * @param modelFlopsPerStep by formula; 0 for {@code import}
 * @param gflopsPerSecond those of the median
 * @param matmulGflopsPerSecond the device's rate with square matrices of that precision, same
 *     process
 * @param shareOfMatmul the one rate over the other
 * @param buildSeconds making the graph and the session; 0 for {@code import}, which has none
 * @param firstStepSeconds from the beginning of that to the end of the first step
 * @param firstStepAfterStartSeconds from the start of the virtual machine to there
 * @param peakMemoryBytes largest resident set of the process up to the last timed step, before
 *     matrices are measured; absent where the system does not tell
 * @param peakDeviceMemoryBytes by device, such as {@code GPU:0}: the most that TensorFlow's
 *     allocator had given out within a further run of the graph, variables included; empty for
 *     {@code import}
 * @param parameters trainable numbers
 */
public record BenchReport(
    String experiment,
    String what,
    String device,
    String precision,
    int batch,
    int imagesPerStep,
    int runs,
    double secondsPerStep,
    double secondsLeast,
    double secondsMost,
    double imagesPerSecond,
    long modelFlopsPerStep,
    double gflopsPerSecond,
    double matmulGflopsPerSecond,
    double shareOfMatmul,
    double buildSeconds,
    double firstStepSeconds,
    double firstStepAfterStartSeconds,
    OptionalLong peakMemoryBytes,
    Map<String, Long> peakDeviceMemoryBytes,
    long parameters) {}
