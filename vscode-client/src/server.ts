// The language server's life: found a Python, started, told what changes, started again.

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { ask } from './ask.ts';
import { recall, remember } from './last.ts';
import { Process } from './process.ts';
import * as project from './project.ts';
import { forServer, isNewEnough, NoPython, onMachine, type Python } from './pythons.ts';
import { Queue } from './queue.ts';
import { ofServer } from './settings.ts';

/** What is known of the server's state. */
export interface Status {
  readonly state: 'starting' | 'running' | 'stopped';
  /** Why it does not run. */
  readonly trouble?: string;
  /** The Python that runs the server. */
  readonly python?: Python;
  /** What the server itself says, in its notification `samedevice/status`. */
  readonly told?: Told;
}

export interface Told {
  readonly machine?: string;
  /** The project's Python, its version, how it was found, and what is wrong with it. */
  readonly interpreter?: string | null;
  readonly python?: string | null;
  readonly chosen?: string;
  readonly message?: string;
  readonly torch?: string | null;
}

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private process: Process | undefined;
  private readonly queue = new Queue();
  private readonly changed = new vscode.EventEmitter<Status>();
  private now: Status = { state: 'starting' };
  private listening: vscode.Disposable | undefined;
  /** The project's Python, where the user named or chose one. */
  private interpreter: string | undefined;

  readonly onStatus = this.changed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    /** Our own commands, which the server then leaves to us. */
    private readonly commands: () => readonly string[],
  ) {}

  get status(): Status {
    return this.now;
  }

  /** Our folder on this machine. */
  private get storage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  /** Starts the server, or starts it again. Many calls at once are one: granting trust also changes settings. */
  readonly restart = (): Promise<void> => this.queue.run(this.startAnew);

  /** Runs one of the server's commands. */
  async run<T>(command: string, values: readonly unknown[], token?: vscode.CancellationToken): Promise<T> {
    return this.send<T>('workspace/executeCommand', { command, arguments: values }, token);
  }

  /** Runs a command that tells how far it is. */
  async runWithProgress<T>(
    command: string,
    values: readonly unknown[],
    told: (message: string | undefined, percentage: number | undefined) => void,
    token: vscode.CancellationToken,
  ): Promise<T> {
    const { WorkDoneProgress } = await import('./client.js');
    const workDoneToken = `${command} ${Date.now()}`;
    const client = await this.running();
    const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      told('message' in value ? value.message : undefined, 'percentage' in value ? value.percentage : undefined);
    });
    try {
      return await this.send<T>('workspace/executeCommand', { command, arguments: values, workDoneToken }, token);
    } finally {
      listener.dispose();
    }
  }

  /** Tells the server what it can't know by itself, when that has changed. */
  readonly interpreterChanged = async (): Promise<void> => {
    const before = this.interpreter;
    this.interpreter = (await project.fromSetting()) ?? (await project.chosen());
    if (this.interpreter !== before && this.client?.isRunning()) {
      const { tell } = await import('./client.js');
      await tell(this.client, this.settings());
    }
  };

  async stop(): Promise<void> {
    await this.queue.run(this.end);
  }

  dispose(): void {
    this.listening?.dispose();
    this.changed.dispose();
  }

  private async send<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T> {
    const client = await this.running();
    // A token that is undefined would be sent as a parameter.
    return token ? client.sendRequest<T>(method, params, token) : client.sendRequest<T>(method, params);
  }

  private async running(): Promise<LanguageClient> {
    await this.queue.idle();
    if (!this.client) {
      throw new Error(this.now.trouble ?? 'SameDevice is not running.');
    }
    await this.client.start();
    return this.client;
  }

  private readonly startAnew = async (): Promise<void> => {
    await this.end();
    this.set({ state: 'starting' });
    try {
      await this.startOn(...(await this.begun()));
      void this.watchInterpreter();
    } catch (error) {
      this.process?.end();
      this.client = this.process = undefined;
      this.failed(error instanceof NoPython ? error.message : `The SameDevice server did not start: ${String(error)}`);
    }
  };

  /** A Python and the server's process on it. */
  private async begun(): Promise<[Python, Process]> {
    const search = { setting: project.named('server.python'), machine: onMachine(process.platform), project: project.ofFolder() };
    const known = await recall(this.storage, search);
    if (known) {
      // Python first, since the library is large and takes as long to load; then whether that was right.
      const begun = this.launch(known);
      const [, works] = await Promise.all([import('./client.js'), ask({ command: known.path, args: [], from: known.from })]);
      if (works && isNewEnough(works.version)) {
        return [works, begun];
      }
      begun.end();
    }
    const [found] = await Promise.all([forServer(search, ask), import('./client.js')]);
    await remember(this.storage, search, found).catch((error) => this.log.warn(`The next search will be as long: ${String(error)}`));
    return [found, this.launch(found)];
  }

  private async startOn(python: Python, begun: Process): Promise<void> {
    this.process = begun;
    this.log.info(`The server runs on Python ${python.version.join('.')} from ${python.from}: ${python.path}`);
    this.set({ state: 'starting', python });
    const [library, interpreter] = await Promise.all([import('./client.js'), project.fromSetting()]);
    this.interpreter = interpreter;
    const client = library.create({
      log: this.log,
      process: () => begun.next(),
      settings: () => this.settings(),
      initializationOptions: () => ({
        settings: ofServer(),
        ...this.surroundings(),
        commands: this.commands(),
        rulePages: 'samedevice:/rules',
      }),
      gaveUp: () => this.failed('The SameDevice server ended too often and is not started again.'),
    });
    this.client = client;
    client.onNotification('samedevice/status', (told: Told) => this.set({ ...this.now, told }));
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState !== library.State.Stopped) {
        this.set({ ...this.now, state: newState === library.State.Running ? 'running' : 'starting' });
      }
    });
    await client.start();
  }

  private readonly end = async (): Promise<void> => {
    const { client, process } = this;
    this.client = this.process = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.log.warn(`The server did not stop as it should: ${String(error)}`);
    }
    process?.end();
  };

  /** The Python extension may take seconds to start, so the server does not wait for what is chosen there. */
  private async watchInterpreter(): Promise<void> {
    this.listening ??= await project.onChosen(() => void this.interpreterChanged());
    await this.interpreterChanged();
  }

  private settings(): Record<string, unknown> {
    return { ...ofServer(), ...this.surroundings() };
  }

  /** What the editor knows besides settings. */
  private surroundings(): Record<string, unknown> {
    return { interpreter: this.interpreter ?? null, trusted: vscode.workspace.isTrusted };
  }

  private launch(python: Python): Process {
    const cache = path.join(this.storage, 'pycache');
    const file = this.context.asAbsolutePath(path.join('server', 'launch.py'));
    // -E, -s and -S: without the PYTHON* variables and the packages of the user's shell, and what those run at each start.
    const args = ['-E', '-s', '-S', '-X', `pycache_prefix=${cache}`, file];
    return new Process(python.path, args, this.context.extensionPath);
  }

  private failed(trouble: string): void {
    this.log.error(trouble);
    this.set({ ...this.now, state: 'stopped', trouble });
    void this.offerHelp(trouble);
  }

  private async offerHelp(trouble: string): Promise<void> {
    const [choose, again, output] = ['Choose a Python', 'Restart', 'Show Output'];
    const chosen = await vscode.window.showErrorMessage(trouble, choose, again, output);
    if (chosen === choose) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'samedevice.server.python');
    } else if (chosen === again) {
      await this.restart();
    } else if (chosen === output) {
      this.log.show();
    }
  }

  private set(status: Status): void {
    this.now = status;
    this.changed.fire(status);
  }
}
