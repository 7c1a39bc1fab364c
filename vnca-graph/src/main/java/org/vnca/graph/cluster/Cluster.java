package org.vnca.graph.cluster;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.tensorflow.proto.ClusterDef;
import org.tensorflow.proto.JobDef;

/**
 * Processes that train together. The driver holds weights, data and checkpoints; each worker
 * computes loss and gradients of its part of every batch on its devices.
 *
 * @param driver where the workers reach this process
 * @param workers where the workers are
 * @param timeout of one training step, after which workers that have not answered count as lost
 * @param shared what the workers' devices divide among them: their number must be a divisor of it;
 *     0 for any number
 */
public record Cluster(Address driver, List<Address> workers, Duration timeout, int shared) {
  /**
   * The job of this process, which no other has: a worker takes a second driver of the same name
   * for the first one, started again, and drops the first one's session.
   */
  public static final String DRIVER = "driver_" + UUID.randomUUID().toString().replace('-', '_');

  /** The job of the workers. */
  public static final String WORKER = "worker";

  public Cluster {
    workers = List.copyOf(workers);
    if (workers.isEmpty() || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a cluster needs workers and a timeout above 0");
    }
  }

  /** For a batch that any number of devices can divide. */
  public Cluster(Address driver, List<Address> workers, Duration timeout) {
    this(driver, workers, timeout, 0);
  }

  /**
   * The same processes for a batch and a pool of which each device does an equal part.
   *
   * @param batch images
   * @param pool states, 0 for no pool
   */
  public Cluster dividing(int batch, int pool) {
    int divisor = BigInteger.valueOf(batch).gcd(BigInteger.valueOf(pool)).intValueExact();
    return new Cluster(driver, workers, timeout, divisor);
  }

  /** How many of some devices can be used: the most whose number is a divisor. */
  public int usable(int devices) {
    int most = devices;
    while (shared % most != 0) {
      most--;
    }
    return most;
  }

  /** What every process of a session is told about the others. */
  public ClusterDef definition() {
    JobDef.Builder job = JobDef.newBuilder().setName(WORKER);
    for (int i = 0; i < workers.size(); i++) {
      job.putTasks(i, workers.get(i).toString());
    }
    return ClusterDef.newBuilder()
        .addJob(JobDef.newBuilder().setName(DRIVER).putTasks(0, driver.toString()))
        .addJob(job)
        .build();
  }

  /** What a session connects to: the driver itself, which passes the work on. */
  public String target() {
    return "grpc://" + driver;
  }
}
