package org.vnca.graph.device;

import org.vnca.base.fault.ForPeople;

/** The device that was asked for cannot be used; the message says why and what to do. */
public final class DeviceException extends RuntimeException implements ForPeople {
  private static final long serialVersionUID = 1L;

  DeviceException(String message) {
    super(message);
  }
}
