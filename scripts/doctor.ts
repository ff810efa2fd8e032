import type Dockerode from "dockerode";
import { defineCommand } from "../e2e/common/command.ts";
import { flagOption } from "../e2e/common/command-options.ts";
import { exitCodes, messageOf } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { canSetUpEngine } from "../e2e/harness/docker/debian-engine.ts";
import { readDockerConfig } from "../e2e/harness/docker/docker-config.ts";
import { localHosts } from "../e2e/harness/docker/endpoint.ts";
import { connectRunningEngine } from "../e2e/harness/docker/engine.ts";
import {
	examineMachine,
	type MachineFinding,
} from "../e2e/harness/docker/examine-machine.ts";
import { gatherMachineFacts } from "../e2e/harness/docker/machine-facts.ts";
import { findEngineHost } from "../e2e/harness/docker/run-container.ts";
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
		return [{ subject: "engine", verdict: "bad", found: engine }];
	if (!engine) return [await examineAbsence()];
	const { docker } = engine;
	const facts = await gatherMachineFacts(engine, makeRunLabels("doctor"));
	return [
		...examineMachine(facts, process.env),
		await examinePorts(),
		await examineLogins(),
		await examineRegistry(docker),
	];
}

async function examineAbsence(): Promise<MachineFinding> {
	return (await canSetUpEngine())
		? {
				subject: "engine",
				verdict: "doubtful",
				found: "none runs; a run sets up Debian's",
			}
		: {
				subject: "engine",
				verdict: "bad",
				found: "no Docker engine answers",
				remedy: "install one (docs.docker.com/engine/install) and start it",
			};
}

async function examinePorts(): Promise<MachineFinding> {
	const host = await findEngineHost();
	const found = `published ports are reached at ${host}`;
	return localHosts.includes(host)
		? { subject: "ports", verdict: "good", found }
		: {
				subject: "ports",
				verdict: "doubtful",
				found: `${found}: a firewall may be between`,
				remedy:
					"open the ephemeral ports there, or name another address with TESTCONTAINERS_HOST_OVERRIDE",
			};
}

async function examineLogins(): Promise<MachineFinding> {
	const { auths, credHelpers, credsStore } = await readDockerConfig();
	const hosts = [...Object.keys(auths), ...Object.keys(credHelpers)];
	const where = credsStore ? ` (docker-credential-${credsStore})` : "";
	return {
		subject: "logins",
		verdict: "good",
		found: hosts.length > 0 ? `${hosts.join(", ")}${where}` : "none",
	};
}

/** What `--images auto` would decide. */
async function examineRegistry(docker: Dockerode): Promise<MachineFinding> {
	const subject = "images";
	const refusal = await askAutoRegistry(docker, await readComponents()).catch(
		messageOf,
	);
	if (!refusal)
		return { subject, verdict: "good", found: "pull: the registry answers" };
	const found = typeof refusal === "string" ? refusal : refusal.message;
	return typeof refusal !== "string" && refusal.kind === "no answer"
		? {
				subject,
				verdict: "doubtful",
				found: `build: ${found}`,
				remedy:
					"none is needed where images are to be built, which takes half an hour the first time; or --images pull:<mirror>, --images archive:<file>",
			}
		: { subject, verdict: "bad", found };
}

const marks = { good: "✓", doubtful: "?", bad: "✗" } as const;

function lineOf({ subject, verdict, found, remedy }: MachineFinding): string {
	const line = `${marks[verdict]} ${subject.padEnd(15)} ${found}`;
	return remedy && verdict !== "good" ? `${line}\n  → ${remedy}` : line;
}

if (import.meta.main) await doctorCommand.main();
