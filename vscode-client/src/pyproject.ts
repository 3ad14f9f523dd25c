// The one thing that the client reads in a pyproject.toml.

/** The machine that `[tool.samedevice]` names; undefined where it names none. */
export function machineIn(text: string): string | undefined {
  const section = /^[ \t]*\[tool\.samedevice\][ \t]*(?:#.*)?$([\s\S]*?)(?=^[ \t]*\[|(?![\s\S]))/m.exec(text)?.[1] ?? '';
  return /^[ \t]*machine[ \t]*=[ \t]*["'](\w+)["']/m.exec(section)?.[1];
}
