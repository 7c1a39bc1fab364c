package org.vnca.train.experiment;

import java.util.List;
import org.vnca.graph.session.Device;
import org.vnca.graph.spec.InvalidSetting;
import org.vnca.graph.spec.MemoryPolicy;
import org.vnca.graph.spec.PoolSpec;
import org.vnca.graph.spec.Precision;

/**
 * How a model is trained.
 *
 * @param steps gradient steps of the whole run; 100,000 in the paper
 * @param batch images per step; 32 in the paper
 * @param beta weight of the KL term (Higgins et al. 2017); 1 is the ELBO
 * @param optimizer what turns gradients into steps
 * @param clipNorm largest norm of all gradients together; longer ones are scaled down; 10 in the
 *     paper
 * @param memory what the rollout keeps for its backward pass; changes speed and memory
 * @param precision in which the convolutions of a training step multiply; changes speed, memory and
 *     the results
 * @param device where the graph runs
 * @param threads CPU threads within and between operations; 0 for all cores; another number may
 *     change the last bits of a result
 * @param pool the pool of last states; for a non-doubling decoder
 * @param validation the bound on the validation split
 * @param checkpoint when the run is saved
 * @param report when the loss is reported
 * @param images when pictures are drawn
 */
public record TrainSettings(
    long steps,
    int batch,
    double beta,
    OptimizerSettings optimizer,
    double clipNorm,
    MemoryPolicy memory,
    Precision precision,
    Device device,
    int threads,
    PoolSpec pool,
    ValidationSettings validation,
    CheckpointSettings checkpoint,
    ReportSettings report,
    ImageSettings images) {
  /** The paper's training (section 3.1 and A.5). */
  public static final TrainSettings PAPER =
      new TrainSettings(
          100_000,
          32,
          1,
          OptimizerSettings.Adam.PAPER,
          10,
          MemoryPolicy.STORE,
          Precision.FLOAT32,
          Device.AUTO,
          0,
          PoolSpec.NONE,
          ValidationSettings.PAPER,
          CheckpointSettings.PAPER,
          ReportSettings.PAPER,
          ImageSettings.PAPER);

  public TrainSettings {
    InvalidSetting.requireAtLeast("steps", steps, 0);
    InvalidSetting.requireAtLeast("batch", batch, 1);
    InvalidSetting.requireNotNegative("beta", beta);
    InvalidSetting.requirePresent("optimizer", optimizer);
    InvalidSetting.requirePositive("clipNorm", clipNorm);
    InvalidSetting.requirePresent("memory", memory);
    InvalidSetting.requirePresent("precision", precision);
    InvalidSetting.requirePresent("device", device);
    InvalidSetting.requireAtLeast("threads", threads, 0);
    InvalidSetting.requirePresent("pool", pool);
    if (pool.present() && pool.size() <= batch / 2) {
      throw new InvalidSetting(
          "pool.size",
          "must be 0 or more than half a batch, " + batch / 2 + ", to be used at all",
          pool.size(),
          List.of("batch"));
    }
    InvalidSetting.requirePresent("validation", validation);
    InvalidSetting.requirePresent("checkpoint", checkpoint);
    InvalidSetting.requirePresent("report", report);
    InvalidSetting.requirePresent("images", images);
  }
}
