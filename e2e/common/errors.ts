/** Exit codes of every command; see the README. */
export const exitCodes = {
	proven: 0,
	refuted: 1,
	setUpFailed: 2,
	badInput: 3,
	/** Of `npm run upgrade`: a person has to decide. */
	review: 4,
	interrupted: 130,
} as const;

/** An error whose message is meant for a person and whose code ends the process. */
export class HarnessError extends Error {
	override readonly name: string = "HarnessError";
	readonly exitCode: number = exitCodes.setUpFailed;
}

/** Set-up failed: no engine, no image, no cluster, a pod that never gets ready. */
export class SetUpError extends HarnessError {
	override readonly name = "SetUpError";
}

/** What the person typed cannot be used. */
export class BadInputError extends HarnessError {
	override readonly name = "BadInputError";
	override readonly exitCode = exitCodes.badInput;
}

/** The test environment failed, not the stack: Docker, a node, the API server, a browser. */
export class EnvironmentError extends Error {
	override readonly name = "EnvironmentError";
}

/**
 * Whether nobody answered at all, which says nothing about what was asked for; see KubeError. A refused connection is
 * the test environment's fault: everything in the cluster is reached through its API server.
 */
export function isSilence(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	if ("noAnswer" in error) return error.noAnswer === true;
	return (
		("code" in error && error.code === "ECONNREFUSED") || isSilence(error.cause)
	);
}

/** One line for a person: the message of anything thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
