package org.vnca.cli.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnca.cli.frame.Command;
import org.vnca.cli.frame.Console;
import org.vnca.cli.frame.Flag;
import org.vnca.cli.frame.Usage;
import org.vnca.cli.frame.Words;
import org.vnca.graph.cluster.Address;
import org.vnca.graph.cluster.ProcessServer;
import org.vnca.graph.device.Device;
import org.vnca.graph.device.DeviceRequest;
import org.vnca.graph.device.Devices;
import org.vnca.graph.device.Host;

/** Lends this machine's devices to a training that runs elsewhere. */
public final class WorkerCommand implements Command {
  private static final String LISTEN = "listen";
  private static final String THREADS = "threads";

  @Override
  public Usage usage() {
    return new Usage(
        "worker",
        List.of(),
        "lend this machine's devices to a training elsewhere",
        List.of(
            "Waits for train or resume with --workers, and computes loss and gradients of its part"
                + " of each batch on all its GPUs, or on its CPU if it has none. Weights, data and"
                + " checkpoints are with the training; of a pool it holds its part for as long as"
                + " that lasts. Ctrl-C ends it.",
            "TensorFlow's protocol (gRPC) has no authentication and no encryption: whoever reaches"
                + " the port can run anything as this user. At a loopback address, only this"
                + " machine reaches it. At any other, TensorFlow listens on all addresses of the"
                + " machine: do that only in a network that you trust, behind a firewall."),
        List.of(
            Flag.required(LISTEN, "HOST:PORT", "where the training reaches this worker"),
            Flag.valued(Flag.DEVICE, "DEVICE", "auto, cpu or gpu; default: auto"),
            Flag.valued(THREADS, "N", "CPU threads; default: all cores")),
        List.of("worker --listen 127.0.0.1:2222", "worker --listen node7.cluster:2222"));
  }

  @Override
  public int run(Words words, Console console) {
    Address address = WorkerFlags.address(words, LISTEN).orElseThrow();
    DeviceRequest device = DeviceRequest.option(words.device().orElse(Device.AUTO));
    ProcessServer server =
        Devices.serve(address, new Host(device, words.whole(THREADS, 0).orElse(0)));
    if (!server.guarded()) {
      console
          .err()
          .println(
              address.loopback()
                  ? "warning: the port could not be closed to other machines"
                      + " (TF_GRPC_REUSE_PORT=true has to be set, as the launcher does)"
                  : "warning: TensorFlow listens on all addresses of this machine, without"
                      + " authentication: only for a network that you trust");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("address", address.toString());
    fields.put("loopbackOnly", server.guarded());
    console.answer(fields, "worker waits at " + address + "; Ctrl-C ends it");
    server.join();
    return DONE;
  }
}
