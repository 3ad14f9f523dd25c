// Places in files, as they stand in a text for a terminal, as links that open them.

/** An absolute path with a line: `/net/train.py:38:`, `C:\net\train.py:38`. */
const PLACE = /(?<![\w(/:"])((?:\/|[A-Za-z]:[\\/])[^\n:*?"<>|`()]*\.(?:py|ipynb)):(\d+)(?::(?=\s))?/g;

/** HTML in which each place is a link to a command that takes a file and a line. */
export function linked(html: string, command: string): string {
  return html.replace(PLACE, (_, file: string, line: string) => {
    const given = encodeURIComponent(JSON.stringify([file, Number(line)]));
    return `<a href="command:${command}?${given}">${file.split(/[\\/]/).pop()}, line ${line}</a>`;
  });
}
