import { basename } from "node:path";

/** The id of a claim is the name of its file. */
export function claimIdOf(file: string): string {
	return basename(file, ".test.ts");
}
