package org.vnca.graph.session;

/** A worker as a process of its own, until it is killed. */
final class WorkerMain {
  private WorkerMain() {}

  /** The only argument is the address. */
  public static void main(String[] args) {
    ProcessServer server =
        ProcessServer.start(
            Address.parse(args[0]).orElseThrow(), new Host(DeviceRequest.setting(Device.CPU), 1));
    System.out.println("ready, guarded: " + server.guarded());
    server.join();
  }
}
