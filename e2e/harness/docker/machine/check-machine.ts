import { SetUpError } from "../../../common/errors.ts";
import type { Engine } from "../engine.ts";
import { examineMachine, type MachineFinding } from "./examine-machine.ts";
import { gatherMachineFacts } from "./machine-facts.ts";
import { examinePublishedPorts, type PortProbe } from "./published-ports.ts";

/**
 * Looks at the engine and its machine before anything starts. Says in a line what may go wrong.
 *
 * @param labels of the container that is needed for that if the engine is on another machine
 * @throws SetUpError with what would make the run fail, and what mends it
 */
export async function checkMachine(
	engine: Engine,
	labels: Readonly<Record<string, string>>,
	say: (line: string) => void,
): Promise<void> {
	const findings = examineMachine(
		await gatherMachineFacts(engine, labels),
		process.env,
	);
	const bad = findings.filter(({ verdict }) => verdict === "bad");
	if (bad.length > 0) throw new SetUpError(bad.map(sentenceOf).join("; "));
	const doubtful = findings.filter(({ verdict }) => verdict === "doubtful");
	if (doubtful.length > 0)
		say(
			`machine: doubtful: ${doubtful.map(({ subject, found }) => `${subject} (${found})`).join("; ")}; npm run doctor says what mends it`,
		);
}

/** Looks whether this process reaches published ports. @throws SetUpError if it does not, and what mends that */
export async function checkPublishedPorts(
	{ docker }: Engine,
	probe: PortProbe,
): Promise<void> {
	const finding = await examinePublishedPorts(docker, probe);
	if (finding.verdict === "bad") throw new SetUpError(sentenceOf(finding));
}

function sentenceOf({ subject, found, remedy }: MachineFinding): string {
	return `${subject}: ${found}${remedy ? ` (mended by: ${remedy})` : ""}`;
}
