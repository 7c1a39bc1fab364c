package org.vnca.graph.session;

import org.vnca.graph.cluster.Address;
import org.vnca.graph.cluster.ProcessServer;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;

/** A worker as a process of its own, until it is killed. */
final class WorkerMain {
  private WorkerMain() {}

  /** The only argument is the address. */
  public static void main(String[] args) {
    ProcessServer server =
        Devices.serve(
            Address.parse(args[0]).orElseThrow(), new Host(DeviceRequest.setting(Device.CPU), 1));
    System.out.println("ready, guarded: " + server.guarded());
    server.join();
  }
}
