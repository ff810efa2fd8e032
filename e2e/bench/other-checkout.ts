import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BadInputError } from "../common/errors.ts";
import { parseJsonAs } from "../common/parsing/parse-as.ts";
import { projectPath, projectRoot } from "../common/paths.ts";

/** What the bench starts of a checkout, and what that needs at once. */
const needed = [
	"package-lock.json",
	"scripts/bootstrap.mjs",
	"scripts/e2e.ts",
	"scripts/images.ts",
];

const named = z.object({ name: z.string() });

/**
 * Checks the folder of --against. It needs no packages: its first command installs them.
 *
 * @returns its root
 * @throws BadInputError if it is no other checkout of this project
 */
export async function checkOtherCheckout(folder: string): Promise<string> {
	const refuse = (reason: string, cause?: unknown) =>
		new BadInputError(`--against ${folder}: ${reason}`, { cause });
	const root = await realpath(folder).catch((cause: unknown) => {
		throw refuse("there is no such folder", cause);
	});
	if (root === (await realpath(projectRoot)))
		throw refuse("it is this checkout: name another one");
	const [own, other] = await Promise.all(
		[projectPath("package.json"), join(root, "package.json")].map(readName),
	);
	if (own === undefined || own !== other)
		throw refuse("there is no checkout of this project");
	const missing = needed.find((name) => !existsSync(join(root, name)));
	if (missing)
		throw refuse(`the checkout there is not complete: it has no ${missing}`);
	return root;
}

/** @returns undefined if the file is no package.json */
async function readName(file: string): Promise<string | undefined> {
	try {
		const text = await readFile(file, "utf8");
		return parseJsonAs(named, text, file).name;
	} catch {
		return undefined;
	}
}
