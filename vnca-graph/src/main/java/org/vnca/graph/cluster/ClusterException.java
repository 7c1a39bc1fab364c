package org.vnca.graph.cluster;

import org.vnca.base.fault.ForPeople;

/** A process of a {@link Cluster} cannot be reached or started, or was lost in mid-step. */
public final class ClusterException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public ClusterException(String message) {
    super(message);
  }

  /** With a message for people. */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
