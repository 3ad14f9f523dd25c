// `npm start`: sets up what is missing and shows SameDevice at work on the demo project, or on the paths given.

import path from "node:path";

import { run, setUp } from "./setup.mjs";

const COULD_NOT_RUN = 2;
// npm runs this in the repository; a path is meant from where its user stands.
const from = process.env.INIT_CWD ?? process.cwd();
const paths = process.argv.slice(2).map((given) => (given.startsWith("-") ? given : path.resolve(from, given)));

setUp();

if (paths.length) process.exit(show(["check", ...paths], "What it finds"));
show(["check", "demo"], "What it finds in the demo project");
show(["check", "--diff", "demo"], "What it would change (`--fix` does)");
show(["infer", "demo/train.py"], "What it knows of every name in one file");
process.stdout.write("\nNow your own project: npm start -- PATH\n");

// Findings are no failure here; a tool that could not run is.
function show(args, title) {
  process.stdout.write(`\n── ${title}: samedevice ${args.join(" ")}\n\n`);
  const code = run("samedevice", args);
  if (code >= COULD_NOT_RUN) process.exit(code);
  return code;
}
