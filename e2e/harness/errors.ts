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

/** Whether nobody answered at all, which says nothing of what was asked for; see KubeError. */
export function isSilence(error: unknown): boolean {
	return (
		error instanceof Error && "noAnswer" in error && error.noAnswer === true
	);
}

/** One line for a person: the message of anything thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
