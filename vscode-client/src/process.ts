// The server's process. We start it ourselves, so that it warms up while the library of the protocol is loaded.

import { type ChildProcess, spawn } from 'node:child_process';

/** How long a server may take to end after it was told to. */
const FAREWELL = 2_000;

/** The process of a server, and the next one after it has died. */
export class Process {
  private now: ChildProcess;
  /** Whether somebody talks to it already. */
  private taken = false;
  private trouble: Error | undefined;

  /** The first one is started at once. */
  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
    private readonly cwd: string,
  ) {
    this.now = this.launch();
  }

  /** The process to talk to now. */
  async next(): Promise<ChildProcess> {
    if (this.taken) {
      this.now = this.launch();
    }
    this.taken = true;
    if (this.now.pid === undefined) {
      throw this.trouble ?? new Error(`${this.command} can't be started`);
    }
    return this.now;
  }

  /** Sees to it that it ends, whatever else it is told. */
  end(): void {
    const { now } = this;
    setTimeout(() => now.kill(), FAREWELL).unref();
  }

  private launch(): ChildProcess {
    const launched = spawn(this.command, this.args, { cwd: this.cwd, windowsHide: true });
    // Without listeners these would be errors of the editor's whole process.
    launched.on('error', (error) => (this.trouble = error));
    launched.stdin?.on('error', () => undefined);
    return launched;
  }
}
