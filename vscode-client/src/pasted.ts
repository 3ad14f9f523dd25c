// Finds a Python error in what was copied: a terminal's text holds prompts, colours and log lines around it.

/** Colours, titles and links that programs print for a terminal. */
const CONTROLS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const START = /^(.*?)Traceback \(most recent call last\):\s*$/;
/** The last line of a traceback: an exception's name, and mostly what it says. */
const ERROR = /^(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit)\b(?::|$)/;

/** The last error in a text, traceback included where there is one; "" where there is none. */
export function errorIn(text: string): string {
  const lines = text.replace(CONTROLS, '').replace(/\r\n?/g, '\n').split('\n').map((line) => line.trimEnd());
  const start = lines.findLastIndex((line) => START.test(line));
  if (start < 0) {
    const error = lines.findLastIndex((line) => ERROR.test(line.trim()));
    return error < 0 ? '' : lines.slice(error).join('\n').trim();
  }
  // Log programs put the same words before every line.
  const prefix = START.exec(lines[start]!)![1]!;
  const inner = lines.slice(start).map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line));
  const end = inner.findIndex((line, index) => index > 0 && /^\S/.test(line));
  if (end < 0) {
    return inner.join('\n').trim();
  }
  return inner.slice(0, afterMessage(inner, end)).join('\n').trim();
}

/** Where the message ends that begins at a line: it may go on for more lines, up to an empty one or a prompt. */
function afterMessage(lines: readonly string[], start: number): number {
  let end = start + 1;
  while (end < lines.length && lines[end] !== '' && !/^(?:\S*[$#%>❯]|\(.*\) )\s?/.test(lines[end]!)) {
    end += 1;
  }
  return end;
}
