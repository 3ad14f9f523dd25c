// Inlay hints, on and off.

import { get, set } from './settings.ts';

let last = 'dtypes';

/** Switches between none and what was shown before. */
export async function toggleInlayHints(): Promise<void> {
  const now = get<string>('inlayHints') ?? 'off';
  if (now !== 'off') {
    last = now;
  }
  await set('inlayHints', now === 'off' ? last : 'off');
}
