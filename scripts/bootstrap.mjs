// Runs on any Node since 16, with npm 7 or newer: installs what the lockfile pins if it changed, including the private Node,
// and starts the TypeScript command with it. Usage: node scripts/bootstrap.mjs <command> [arguments]
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findHome } from "./home-folder.mjs";
import { installLockedPackages } from "./install-packages.mjs";
import { findConsumed } from "./npm-options.mjs";
import { findPrivateNode } from "./private-node.mjs";
import { findUnsupportedSystem, findWayOut } from "./unsupported-system.mjs";

// Without this, what is not foreseen would end with 1, which says that a claim was refuted.
process.on("uncaughtException", ({ message }) => {
	console.error(`set-up failed: ${message}`);
	process.exit(2);
});
// As with `| head`.
for (const stream of [process.stdout, process.stderr])
	stream.on("error", () => process.exit(130));

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const node = findPrivateNode(root);

const unsupported = findUnsupportedSystem();
if (unsupported) {
	console.error(unsupported);
	process.exit(2);
}
if (!existsSync(tmpdir())) {
	console.error(
		`the folder for temporary files ${tmpdir()} does not exist: create it, or name another one in TMPDIR`,
	);
	process.exit(2);
}
const consumed = findConsumed(process.env);
if (consumed) {
	console.error(
		`npm consumed --${consumed}: put "--" before the options, as in npm run ${process.env.npm_lifecycle_event ?? "e2e"} -- --${consumed}`,
	);
	process.exit(3);
}
// A parent that ends while packages are installed has ended, too.
const parent = process.ppid;
const failure = await installLockedPackages(root, node);
if (failure) {
	console.error(failure);
	process.exit(2);
}
// It may be another machine's, such as in a folder that a container shares: the loader would end it with 1.
const trial = spawnSync(node, ["--version"], { encoding: "utf8" });
if (trial.status !== 0) {
	const said =
		trial.error?.message ||
		trial.stderr.trim() ||
		trial.signal ||
		`exit code ${trial.status}`;
	console.error(
		`the private Node ${node} cannot be started (${said}): ${findWayOut(said)}`,
	);
	process.exit(2);
}

const [command, ...rest] = process.argv.slice(2);
const start = join(root, "scripts", "start.mjs");
const child = spawn(node, [start, command, ...rest], {
	stdio: "inherit",
	// It talks to containers only: Node itself must not send that through a proxy.
	env: { ...process.env, ...findHome(), NODE_USE_ENV_PROXY: "0" },
});
child.on("error", (error) => {
	console.error(`the private Node cannot be started: ${error.message}`);
	process.exit(2);
});
// A terminal's Ctrl-C reaches the whole process group, and npm passes on a SIGINT that it got alone: nothing tells them apart.
// So it is always passed on, in a terminal as another signal, which the command does not take for a second Ctrl-C.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
	const passed =
		signal === "SIGINT" && process.stdin.isTTY ? "SIGTERM" : signal;
	process.on(signal, () => child.kill(passed));
}
// npm passes on neither SIGHUP nor, of course, SIGKILL: what it has started would run on.
const watch = setInterval(() => {
	if (process.ppid === parent) return;
	clearInterval(watch);
	child.kill("SIGHUP");
}, 500).unref();
child.on("exit", (code, signal) => {
	if (code !== null) process.exit(code);
	const interrupted = ["SIGINT", "SIGTERM", "SIGHUP"].includes(signal);
	if (!interrupted)
		console.error(
			`${command} was ended by ${signal}${signal === "SIGKILL" ? ", as the kernel does when memory runs out" : ""}: npm run down removes what is left`,
		);
	process.exit(interrupted ? 130 : 2);
});
