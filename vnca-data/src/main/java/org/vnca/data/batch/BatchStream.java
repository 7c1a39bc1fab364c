package org.vnca.data.batch;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.vnca.data.Split;
import org.vnca.data.fault.DatasetException;

/**
 * The endless stream of training batches. The batch of step s holds positions {@code [s * B, (s +
 * 1) * B)} of all epochs' orders one after the other, so a batch may reach into the next epoch. An
 * epoch's order is a permutation keyed by seed and epoch: of all images where they take up to 256
 * MiB, else of blocks of images and then of the images within a window of 64 MiB. It is a pure
 * function of seed and step (and of the splits), so a stream that is opened at a later step goes on
 * exactly. So it does with a {@link Variation}, by which an image is another in every epoch.
 *
 * <p>A thread reads the next batches ahead. What it throws, {@link #next} throws. {@link #next} is
 * for one thread at a time; {@link #close} may come from any.
 */
public final class BatchStream implements AutoCloseable {
  private static final int AHEAD = 4;
  private static final long PATIENCE_MILLIS = 50;

  private final Reader reader;
  private final Thread thread;
  private Read last;

  private BatchStream(Reader reader) {
    this.reader = reader;
    this.thread = new Thread(reader, "vnca-batches");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Starts reading.
   *
   * @param splits at least one, all of one image size; they must stay open until the stream closes
   * @param seed chooses the order
   * @param batchSize B, images of a batch
   * @param firstStep the step of the first batch; 0 for a new run
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public static BatchStream open(List<Split> splits, long seed, int batchSize, long firstStep) {
    return open(splits, Optional.empty(), seed, batchSize, firstStep);
  }

  /**
   * Starts reading images that become something else in every epoch.
   *
   * @param variation what becomes of an image as the splits have it; nothing else if there is none
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public static BatchStream open(
      List<Split> splits, Optional<Variation> variation, long seed, int batchSize, long firstStep) {
    if (splits.isEmpty()) {
      throw new IllegalArgumentException("batches need at least one split, but there is none");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, but is " + batchSize);
    }
    if (firstStep < 0) {
      throw new IllegalArgumentException("first step must be at least 0, but is " + firstStep);
    }
    SplitUnion images = new SplitUnion(splits);
    BatchOrder order = BatchOrder.of(splits, seed, batchSize);
    return new BatchStream(new Reader(images, variation, order, firstStep));
  }

  /**
   * The batch of the next step; waits until it is read.
   *
   * @throws DatasetException if reading it failed; so do all calls after it
   * @throws NoSuchElementException if the stream is closed
   */
  public Batch next() {
    if (last == null || last.failure() == null) {
      last = reader.take();
    }
    if (last.failure() instanceof Error error) {
      throw error;
    }
    if (last.failure() instanceof DatasetException e) {
      throw new DatasetException(e.getMessage(), e);
    }
    if (last.failure() != null) {
      throw new DatasetException(
          "the next batch cannot be read: " + last.failure(), last.failure());
    }
    return last.batch();
  }

  /** Stops reading ahead and waits for the thread to end. The splits stay open. */
  @Override
  public void close() {
    reader.closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What reading a batch came to: one of the two. */
  private record Read(Batch batch, Throwable failure) {}

  /**
   * Reads batches into a short queue until closed. It is never interrupted: that would close the
   * file for all.
   */
  private static final class Reader implements Runnable {
    private final SplitUnion images;
    private final Optional<Variation> variation;
    private final BatchOrder order;
    private final BlockingQueue<Read> queue = new ArrayBlockingQueue<>(AHEAD);
    private long step;
    private volatile boolean closed;

    Reader(SplitUnion images, Optional<Variation> variation, BatchOrder order, long firstStep) {
      this.images = images;
      this.variation = variation;
      this.order = order;
      this.step = firstStep;
    }

    @Override
    public void run() {
      Read read;
      do {
        read = read();
      } while (offer(read) && read.failure() == null);
    }

    Read take() {
      try {
        while (!closed) {
          Read read = queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
          if (read != null) {
            return read;
          }
        }
        throw new NoSuchElementException("the stream of batches is closed");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatasetException("interrupted while waiting for a batch", e);
      }
    }

    /** All that is thrown is handed over, errors too: otherwise they would be lost. */
    private Read read() {
      try {
        return new Read(batch(step++), null);
      } catch (RuntimeException | Error e) {
        return new Read(null, e);
      }
    }

    private Batch batch(long number) {
      int[] numbers = order.at(number);
      byte[] stored = images.read(numbers);
      return new Batch(
          number,
          variation.map(change -> change.of(order.epochs(number), numbers, stored)).orElse(stored));
    }

    private boolean offer(Read read) {
      try {
        boolean taken = false;
        while (!closed && !taken) {
          taken = queue.offer(read, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return taken;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
