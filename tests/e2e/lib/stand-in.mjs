// A stand-in for the Python extension, which is on no registry: it answers the calls of its API that SameDevice makes,
// with what stands in the setting `python.defaultInterpreterPath`.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";

const MANIFEST = {
  name: "python",
  publisher: "ms-python",
  version: "0.0.1",
  engines: { vscode: "^1.91.0" },
  main: "./extension.js",
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

const PACKAGE = `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="python" Version="0.0.1" Publisher="ms-python"/>
    <DisplayName>Stand-in for the Python extension</DisplayName>
    <Description xml:space="preserve">For tests</Description>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/></Assets>
</PackageManifest>
`;

const TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".js" ContentType="application/javascript"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
`;

// Installs it into a profile.
export async function pythonExtension(workbench) {
  const folder = await mkdtemp(path.join(workbench.root, "tmp", "stand-in-"));
  await mkdir(path.join(folder, "extension"));
  const files = {
    "extension/package.json": JSON.stringify(MANIFEST),
    "extension/extension.js": CODE,
    "extension.vsixmanifest": PACKAGE,
    "[Content_Types].xml": TYPES,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  // A package is a zip file, and Python can make one.
  execFileSync("python3", ["-m", "zipfile", "-c", "stand-in.vsix", ...Object.keys(files).filter((name) => !name.includes("/")), "extension/"], {
    cwd: folder,
  });
  workbench.run(["--install-extension", path.join(folder, "stand-in.vsix")]);
}
