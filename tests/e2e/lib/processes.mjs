// The processes below a workbench, as Linux shows them.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

// Python processes that run something of the installed extension.
export async function extensionProcesses(workbench) {
  const all = await processes();
  return all.filter(({ pid, command }) => isBelow(pid, workbench.server.pid, all) && command.includes(serverFolder(workbench)));
}

function serverFolder(workbench) {
  return path.join(workbench.root, "extensions", "samedevice.samedevice");
}

function isBelow(pid, ancestor, all) {
  for (let at = pid; at > 1; ) {
    if (at === ancestor) return true;
    at = all.find((one) => one.pid === at)?.parent ?? 0;
  }
  return false;
}

async function processes() {
  const found = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await readFile(`/proc/${name}/stat`, "utf8");
      const command = (await readFile(`/proc/${name}/cmdline`, "utf8")).replaceAll("\0", " ");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z") found.push({ pid: Number(name), parent: Number(parent), command });
    } catch {
      // it has ended meanwhile
    }
  }
  return found;
}
