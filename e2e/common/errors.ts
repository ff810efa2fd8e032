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

/** An error with a message for a person and the exit code that the command ends with. */
export class HarnessError extends Error {
	override readonly name: string = "HarnessError";
	readonly exitCode: number = exitCodes.setUpFailed;
}

/** Set-up failed: no engine, no image, no cluster, or a pod that never becomes ready. */
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
 * Whether there was no answer at all, see KubeError. That says nothing about the stack: everything in the cluster is
 * reached through its API server, so even a refused connection is a failure of the test environment.
 */
export function isSilence(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	if ("noAnswer" in error) return error.noAnswer === true;
	return (
		("code" in error && error.code === "ECONNREFUSED") || isSilence(error.cause)
	);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** What the system's error codes mean to a person. */
const reasons: Readonly<Record<string, string>> = {
	EACCES: "permission denied",
	EDQUOT: "the disk quota is used up",
	EEXIST: "there is a file of that name",
	EMFILE: "too many files are open (ulimit -n)",
	ENOENT: "it does not exist",
	ENOSPC: "the disk is full",
	ENOTDIR: "a part of its path is not a folder",
	EPERM: "permission denied",
	EROFS: "its file system is read-only",
};

/** Whether a file could not be read because it is not there. */
export function isMissingFile(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Why the system refused something, in a few words. */
export function reasonOf(error: unknown): string {
	const code =
		error instanceof Error && "code" in error ? String(error.code) : "";
	return reasons[code] ?? messageOf(error).split(",")[0] ?? "";
}

/** What to say of an error that nothing on its way has explained: the system's own names a call and no file's purpose. */
export function explainError(error: unknown): string {
	if (!(error instanceof Error) || !("syscall" in error))
		return messageOf(error);
	const path = "path" in error && error.path ? `${error.path}: ` : "";
	return `${path}${reasonOf(error)}`;
}
