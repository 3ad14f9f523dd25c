// `npm test`: sets up what is missing and runs the one command that checks everything.

import { run, setUp } from "./setup.mjs";

setUp(["test"]);
process.exit(run("python", [".ci/check", ...process.argv.slice(2)]));
