// A stand-in for the Python extension, which is on no registry: it answers the calls of its API that SameDevice makes,
// with what stands in the setting `python.defaultInterpreterPath`.
import { installExtension } from "./extension.mjs";

const MANIFEST = {
  name: "python",
  publisher: "ms-python",
  activationEvents: [],
  contributes: {
    configuration: {
      properties: { "python.defaultInterpreterPath": { type: "string", default: "", scope: "machine-overridable" } },
    },
  },
};

const CODE = `
const vscode = require("vscode");
const changed = new vscode.EventEmitter();
vscode.workspace.onDidChangeConfiguration((event) => {
  if (event.affectsConfiguration("python.defaultInterpreterPath")) changed.fire({});
});
exports.activate = () => ({
  environments: {
    onDidChangeActiveEnvironmentPath: changed.event,
    getActiveEnvironmentPath(resource) {
      const path = vscode.workspace.getConfiguration("python", resource).get("defaultInterpreterPath");
      return { id: path, path };
    },
    async resolveEnvironment(environment) {
      return environment.path ? { executable: { uri: vscode.Uri.file(environment.path) } } : undefined;
    },
  },
});
`;

// Installs it into a profile.
export const pythonExtension = (workbench) => installExtension(workbench, MANIFEST, CODE);
