package org.vnca.graph.session;

import java.time.Duration;
import java.util.List;
import org.tensorflow.proto.ClusterDef;
import org.tensorflow.proto.JobDef;

/**
 * Processes that train together. The driver holds weights, data and checkpoints; each worker
 * computes loss and gradients of its part of every batch on its devices.
 *
 * @param driver where the workers reach this process
 * @param workers where the workers are
 * @param timeout of one training step, after which workers that have not answered count as lost
 */
public record Cluster(Address driver, List<Address> workers, Duration timeout) {
  static final String DRIVER = "driver";
  static final String WORKER = "worker";

  public Cluster {
    workers = List.copyOf(workers);
  }

  /** What every process of a session is told about the others. */
  ClusterDef definition() {
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
  String target() {
    return "grpc://" + driver;
  }
}
