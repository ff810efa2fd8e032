import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { BadInputError, messageOf } from "../../common/errors.ts";
import { print } from "../../common/output/terminal.ts";
import { shortestSecret } from "../../common/secrecy/forms.ts";
import { rememberSecretsIn } from "../../common/secrecy/in-values.ts";
import { findShortPasswords } from "../../common/secrecy/short-passwords.ts";
import { withoutPlaceholders } from "./encryption.ts";
import type { ValuesFile } from "./values-file.ts";
import { readForm } from "./values-form.ts";

/** Reads a values file, or the values in a file of another form. @throws BadInputError that says what it is instead */
export async function readValuesFile(
	name: string,
	flag = "--values",
): Promise<ValuesFile> {
	let text: string;
	try {
		if ((await stat(name)).isDirectory())
			throw new BadInputError(`${flag} ${name}: ${describeFolder(name)}`);
		text = await readFile(name, "utf8");
	} catch (error) {
		if (error instanceof BadInputError) throw error;
		throw new BadInputError(
			`${flag} ${name} cannot be read: ${messageOf(error).split(",")[0]}`,
			{ cause: error },
		);
	}
	const form = readForm(text, name);
	if ("problem" in form)
		throw new BadInputError(`${flag} ${name}: ${form.problem}`);
	// Every scalar as it is written: numbers have leading zeros, or more digits than a number can keep.
	const written: unknown = parse(form.content, { schema: "failsafe" });
	rememberSecretsIn(withoutPlaceholders(written));
	return { name, ...form };
}

/** Says of each file that is no plain values file what was read of it, and which passwords no report can hide. */
export function sayForms(flag: string, files: readonly ValuesFile[]): void {
	for (const { name, content, readAs } of files) {
		if (readAs) print(`${flag} ${name}: ${readAs}`);
		const short = findShortPasswords(parse(content, { schema: "failsafe" }));
		if (short.length > 0)
			print(
				`${flag} ${name}: what is shorter than ${shortestSecret} characters cannot be blanked in reports: ${short.join(", ")}`,
			);
	}
}

function describeFolder(name: string): string {
	const has = (file: string) => existsSync(join(name, file));
	const what = has("Chart.yaml")
		? "the folder of a chart"
		: has("kustomization.yaml")
			? "a folder of Kustomize"
			: has(".git")
				? "a Git repository"
				: "a folder";
	const wayOut = has("values.yaml")
		? `name the file in it, ${join(name, "values.yaml")}, or use`
		: "name a file in it, or use";
	return `it is ${what}, no values: ${wayOut} npm run upgrade -- --repo <dir>`;
}
