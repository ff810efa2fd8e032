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

/** The ground could not be made: no engine, no image, no cluster, a pod that never gets ready. */
export class SetUpError extends HarnessError {
	override readonly name = "SetUpError";
}

/** What the person typed cannot be used. */
export class BadInputError extends HarnessError {
	override readonly name = "BadInputError";
	override readonly exitCode = exitCodes.badInput;
}

/** What a claim stands on gave way: it says nothing about the stack. */
export class GroundError extends Error {
	override readonly name = "GroundError";
}

/**
 * Whether nobody answered at all, which says nothing of what was asked for; see KubeError. Connections are refused only
 * by the ground: everything in the cluster is asked through its API server.
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
