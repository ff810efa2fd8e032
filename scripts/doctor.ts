import { statfs } from "node:fs/promises";
import type Dockerode from "dockerode";
import { defineCommand } from "../e2e/common/command.ts";
import { flagOption } from "../e2e/common/command-options.ts";
import { exitCodes, messageOf } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { cacheDir } from "../e2e/common/paths.ts";
import { canSetUpEngine } from "../e2e/harness/docker/debian-engine.ts";
import { isAbsent } from "../e2e/harness/docker/docker.ts";
import {
	connectRunningEngine,
	type Engine,
} from "../e2e/harness/docker/engine.ts";
import { examineLogins } from "../e2e/harness/docker/machine/examine-logins.ts";
import {
	examineMachine,
	type MachineFinding,
} from "../e2e/harness/docker/machine/examine-machine.ts";
import { gatherMachineFacts } from "../e2e/harness/docker/machine/machine-facts.ts";
import { examineNetfilter } from "../e2e/harness/docker/machine/netfilter.ts";
import {
	examinePublishedPorts,
	unseenPorts,
} from "../e2e/harness/docker/machine/published-ports.ts";
import { findBusybox } from "../e2e/harness/docker/machine/tool-image.ts";
import { readWayOut } from "../e2e/harness/docker/way-out.ts";
import { askAutoRegistry } from "../e2e/harness/images/choose-source.ts";
import { readComponents } from "../e2e/harness/images/spec.ts";
import { makeRunLabels } from "../e2e/harness/run/run.ts";

export const doctorCommand = defineCommand({
	name: "doctor",
	description:
		"Looks at the Docker engine and its machine before anything starts, and says what mends what is wrong.",
	exitCodes: { 0: "a run can start", 2: "a run would fail" },
	options: { json: flagOption("--json", "print the findings as JSON") },
	run: async ({ json }) => {
		const findings = await examine();
		print(
			json
				? JSON.stringify(findings, null, 2)
				: findings.map(lineOf).join("\n"),
		);
		return findings.some(({ verdict }) => verdict === "bad")
			? exitCodes.setUpFailed
			: exitCodes.proven;
	},
});

async function examine(): Promise<MachineFinding[]> {
	const engine = await connectRunningEngine().catch(messageOf);
	if (typeof engine === "string")
		return [
			{
				subject: "engine",
				verdict: "bad",
				found: engine,
				remedy:
					"`docker version` must answer; docker context ls lists the engines, and DOCKER_HOST or docker context use names another one",
			},
		];
	if (!engine) return [await examineAbsence()];
	const labels = makeRunLabels("doctor");
	const findings = await Promise.all([
		told(
			{ subject: "machine", remedy: "look again; docker info says more" },
			async () =>
				examineMachine(await gatherMachineFacts(engine, labels), process.env),
		),
		told(
			{ subject: "netfilter", remedy: "look again", isRequired: false },
			() => examineNetfilter(engine, labels),
		),
		told({ subject: "ports", remedy: "look again" }, () =>
			examinePorts(engine, labels),
		),
		told(
			{
				subject: "logins",
				remedy: "docker login writes Docker's config.json anew",
				isRequired: false,
			},
			examineLogins,
		),
		told(
			{
				subject: "authorities",
				remedy: "name a file of certificates in PEM, or unset the variable",
			},
			examineAuthorities,
		),
		told({ subject: "images", remedy: waysToImages }, () =>
			examineRegistry(engine.docker),
		),
	]);
	return findings.flat();
}

const waysToImages =
	"docker login, or take images from elsewhere: --images pull:<mirror>, --images archive:<file>, --images build";

interface Look {
	readonly subject: string;
	/** What helps if the look fails. */
	readonly remedy: string;
	/** Whether a run takes it, too, and would fail. */
	readonly isRequired?: boolean;
}

/** What cannot be found out is a line like the others, and does not hide them. */
function told(
	{ subject, remedy, isRequired = true }: Look,
	look: () => Promise<MachineFinding | MachineFinding[]>,
): Promise<MachineFinding | MachineFinding[]> {
	return look().catch((error: unknown) => ({
		subject,
		// A run that starts removes containers of no living run, such as these.
		verdict: isRequired && !isAbsent(error) ? "bad" : "doubtful",
		found: messageOf(error).trim(),
		remedy,
	}));
}

/** Those that Helm, Go and apt trust beside the system's. */
async function examineAuthorities(): Promise<MachineFinding> {
	const { authorities } = await readWayOut();
	const found = authorities ? "the named ones can be read" : "the system's";
	return { subject: "authorities", verdict: "good", found };
}

async function examineAbsence(): Promise<MachineFinding> {
	return (await canSetUpEngine())
		? {
				subject: "engine",
				verdict: "doubtful",
				found: "none runs; a run sets up Debian's",
				remedy: "none is needed, or start your own",
			}
		: {
				subject: "engine",
				verdict: "bad",
				found: "no Docker engine answers",
				remedy: "install one (docs.docker.com/engine/install) and start it",
			};
}

async function examinePorts(
	engine: Engine,
	labels: Readonly<Record<string, string>>,
): Promise<MachineFinding> {
	const { image, why } = await findBusybox(engine);
	return image === undefined
		? unseenPorts(why, "npm run images or docker pull busybox, then look again")
		: examinePublishedPorts(engine.docker, { image, labels });
}

/** What `--images auto` would decide. */
async function examineRegistry(docker: Dockerode): Promise<MachineFinding> {
	const subject = "images";
	const refusal = await askAutoRegistry(docker, await readComponents()).catch(
		messageOf,
	);
	if (!refusal)
		return { subject, verdict: "good", found: "pull: the registry answers" };
	if (typeof refusal === "string")
		return { subject, verdict: "bad", found: refusal, remedy: waysToImages };
	if (refusal.kind !== "no answer")
		return {
			subject,
			verdict: "bad",
			found: refusal.found,
			remedy: refusal.advice,
		};
	return {
		subject,
		verdict: "doubtful",
		found: `build: ${refusal.found}; ${await describeRoom()}`,
		remedy:
			"none is needed where images are to be built, which takes some twenty minutes the first time; or --images pull:<mirror>, --images archive:<file>",
	};
}

/** Measured: Go's caches after every image was built, in more than one version. Later builds need little more. */
const buildRoom = 30;

/** Images are built where this process runs, which may not be the engine's machine. */
async function describeRoom(): Promise<string> {
	const folder = cacheDir();
	const { bavail, bsize } = await statfs(folder);
	const free = Math.floor((bavail * bsize) / 2 ** 30);
	return `the first build takes up to ${buildRoom} GiB beside ${folder}, where ${free} GiB are free`;
}

const marks = { good: "✓", doubtful: "?", bad: "✗" } as const;

function lineOf({ subject, verdict, found, remedy }: MachineFinding): string {
	const line = `${marks[verdict]} ${subject.padEnd(15)} ${found}`;
	return remedy ? `${line}\n  → ${remedy}` : line;
}

if (import.meta.main) await doctorCommand.main();
