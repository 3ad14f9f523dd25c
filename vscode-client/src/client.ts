// The language client. This file is loaded when the server is started, since the library behind it is large.

import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
  WorkDoneProgress,
} from 'vscode-languageclient/node';

import { SECTION } from './settings.ts';

export { DidChangeConfigurationNotification, State, WorkDoneProgress };

/** Where code is written; the sides of a comparison, for one, are left alone. */
const SCHEMES = ['file', 'untitled', 'vscode-vfs', 'vscode-notebook-cell'];

/** How often a server that dies is started again, and within what time. */
const LIVES = 4;
const MINUTES = 3;

/** What the client is told by its owner. */
export interface Owner {
  readonly log: vscode.LogOutputChannel;
  /** Gives a server's process, at the start and whenever the last one has died. */
  process(): Promise<ChildProcess>;
  settings(): Record<string, unknown>;
  initializationOptions(): Record<string, unknown>;
  /** The server has died too often. */
  gaveUp(): void;
}

/** Leaves the server's commands to us: each of them has something to ask or to show on our side. */
class Client extends LanguageClient {
  override registerFeature(feature: Parameters<LanguageClient['registerFeature']>[0]): void {
    if (!('registrationType' in feature) || feature.registrationType.method !== ExecuteCommandRequest.method) {
      super.registerFeature(feature);
    }
  }
}

/** A client that is not started yet. */
export function create(owner: Owner): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: SCHEMES.map((scheme) => ({ scheme, language: 'python' })),
    outputChannel: owner.log,
    // A request that is under way when the server is stopped would else become a message on the screen.
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => owner.initializationOptions(),
    markdown: { isTrusted: false, supportHtml: false },
    errorHandler: new Deaths(owner),
    middleware: {
      workspace: {
        configuration: (params, token, next) =>
          params.items.map((item) => item.section).every((section) => section === SECTION)
            ? params.items.map(() => owner.settings())
            : next(params, token),
        didChangeConfiguration: () => tell(client, owner.settings()),
      },
    },
  };
  const client: LanguageClient = new Client(SECTION, 'SameDevice', () => owner.process(), options);
  return client;
}

/** Sends the settings as they are now. */
export function tell(client: LanguageClient, settings: Record<string, unknown>): Promise<void> {
  return client.sendNotification(DidChangeConfigurationNotification.type, { settings: { [SECTION]: settings } });
}

/** Starts a server that died again, quietly, until it dies too often. */
class Deaths {
  private readonly times: number[] = [];

  constructor(private readonly owner: Owner) {}

  error(): { action: ErrorAction; handled: boolean } {
    return { action: ErrorAction.Continue, handled: true };
  }

  closed(): { action: CloseAction; handled: boolean } {
    const now = Date.now();
    this.times.push(now);
    const recent = this.times.filter((time) => now - time < MINUTES * 60_000);
    if (recent.length <= LIVES) {
      this.owner.log.warn('The server has ended unexpectedly and is started again.');
      return { action: CloseAction.Restart, handled: true };
    }
    this.owner.gaveUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
