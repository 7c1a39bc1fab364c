package org.vnca.data.imports;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.vnca.data.ImageSource;
import org.vnca.data.fault.DatasetException;

/**
 * Images that are read, decoded and resized on all cores and handed over in their order. Some few
 * are ahead of the one that is due, however many there are.
 */
final class PreparedImages implements ImageSource {
  private static final int AHEAD_PER_THREAD = 4;

  private final ExecutorService threads;
  private final int ahead;
  private final Iterator<String> names;
  private final Preparation preparation;
  private final Deque<Future<byte[]>> pending = new ArrayDeque<>();

  /** Starts with the first of them. */
  PreparedImages(List<String> names, Preparation preparation) {
    int cores = Runtime.getRuntime().availableProcessors();
    this.threads =
        Executors.newFixedThreadPool(
            cores,
            task -> {
              Thread thread = new Thread(task, "image-import");
              thread.setDaemon(true);
              return thread;
            });
    this.ahead = AHEAD_PER_THREAD * cores;
    this.names = names.iterator();
    this.preparation = preparation;
    fill();
  }

  private void fill() {
    while (pending.size() < ahead && names.hasNext()) {
      String name = names.next();
      Callable<byte[]> task = () -> preparation.prepare(name);
      pending.add(threads.submit(task));
    }
  }

  @Override
  public boolean next(byte[] image) throws IOException {
    Future<byte[]> due = pending.poll();
    if (due == null) {
      return false;
    }
    fill();
    try {
      System.arraycopy(due.get(), 0, image, 0, image.length);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("an image could not be prepared", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException("the import was interrupted; start it again");
    }
  }

  /**
   * Drops what nobody has begun and waits for the few images that are being read. Those threads are
   * never interrupted: that would close the zip's file for whoever reads it next.
   */
  @Override
  public void close() {
    pending.forEach(image -> image.cancel(false));
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** From a name to an image. */
  @FunctionalInterface
  interface Preparation {
    /**
     * Prepares an image; on any thread.
     *
     * @return {@code [H, W, C]} uint8
     * @throws IOException if it is damaged
     */
    byte[] prepare(String name) throws IOException;
  }
}
