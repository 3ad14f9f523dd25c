// Small extensions that only tests need.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";

const USUAL = { version: "0.0.1", engines: { vscode: "^1.91.0" }, main: "./extension.js", extensionKind: ["workspace"] };

const TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".js" ContentType="application/javascript"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
`;

// Packs an extension of one file and installs it into a profile.
export async function installExtension(workbench, manifest, code) {
  const folder = await mkdtemp(path.join(workbench.root, "tmp", "extension-"));
  await mkdir(path.join(folder, "extension"));
  const files = {
    "extension/package.json": JSON.stringify({ ...USUAL, ...manifest }),
    "extension/extension.js": code,
    "extension.vsixmanifest": packageOf(manifest),
    "[Content_Types].xml": TYPES,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  // A package is a zip file, and Python can make one.
  const packed = ["extension.vsixmanifest", "[Content_Types].xml", "extension/"];
  execFileSync("python3", ["-m", "zipfile", "-c", "made.vsix", ...packed], { cwd: folder });
  workbench.run(["--install-extension", path.join(folder, "made.vsix")]);
}

function packageOf({ publisher, name }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${USUAL.version}" Publisher="${publisher}"/>
    <DisplayName>${name}</DisplayName>
    <Description xml:space="preserve">For tests</Description>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/></Assets>
</PackageManifest>
`;
}
