import { basename } from "node:path";

/** A claim's id: the name of its file without the ending. */
export function claimIdOf(file: string): string {
	return basename(file, ".test.ts");
}
