// Work that must not overlap, such as two restarts of one server.

/** Runs one job after the other; a job that is asked for while it already waits is not queued twice. */
export class Queue {
  private last: Promise<void> = Promise.resolve();
  private waiting: { readonly job: () => Promise<void>; readonly done: Promise<void> } | undefined;

  /** Resolves when the job has run; a failed job does not hold up the next one. */
  run(job: () => Promise<void>): Promise<void> {
    if (this.waiting?.job === job) {
      return this.waiting.done;
    }
    const done = this.last.then(() => {
      if (this.waiting?.done === done) {
        this.waiting = undefined;
      }
      return job();
    });
    this.waiting = { job, done };
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when nothing is running or waiting any more. */
  async idle(): Promise<void> {
    let seen;
    do {
      seen = this.last;
      await seen;
    } while (seen !== this.last);
  }
}
