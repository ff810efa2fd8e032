import { posix } from "node:path";
import { parseArgs } from "node:util";
import { makeHelm } from "../../tools/helm.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { helmMajorIn } from "../helm-version.ts";
import { type FoundRelease, joinValues, readValuesFrom } from "../release.ts";
import { readSetValues, type SetValue } from "../set-values.ts";

/** Files that people run. Documentation is none of them: its commands are examples. */
const scriptName =
	/\.(sh|bash|zsh)$|(^|\/)(GNUm|M|m)akefile$|(^|\/)\.?[jJ]ustfile$|\.just$/;

export function isScript(path: string): boolean {
	return scriptName.test(path);
}

/** The releases that `helm install` and `helm upgrade` of a script make, where no variable leaves a doubt. */
export function readCommands(
	tree: RepositoryTree,
	file: string,
): FoundRelease[] {
	const text = tree.read(file) ?? "";
	if (!/\bhelm\b/.test(text)) return [];
	const repositories = new Map(
		[
			...text.matchAll(/helm repo add\s+(?:--\S+\s+)*(\S+)\s+(https?:\S+)/g),
		].map(([, name = "", url = ""]) => [name, url] as const),
	);
	const lines = text.split("\n");
	return lines.flatMap((line, i) => {
		if (!/\bhelm\s+(upgrade|install)\b/.test(line)) return [];
		const end = lines.findIndex((each, j) => j >= i && !each.endsWith("\\"));
		const whole = lines
			.slice(i, end === -1 ? undefined : end + 1)
			.map((each) => each.replace(/\\$/, ""))
			.join(" ");
		const command = /\bhelm\s+(?:upgrade|install)\s+([^;&|#]+)/.exec(
			whole,
		)?.[1];
		if (command === undefined || /[$`{}]/.test(command)) return [];
		const found = readCommand(command, posix.dirname(file), tree, repositories);
		return found ? [{ ...found, place: { file, line: i + 1 } }] : [];
	});
}

function readCommand(
	command: string,
	folder: string,
	tree: RepositoryTree,
	repositories: ReadonlyMap<string, string>,
): Omit<FoundRelease, "place"> | undefined {
	const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
		([, a, b, c]) => a ?? b ?? c ?? "",
	);
	const { values: flags, positionals } = parseArgs({
		args: words,
		strict: false,
		allowPositionals: true,
		options: {
			namespace: { type: "string", short: "n" },
			version: { type: "string" },
			repo: { type: "string" },
			values: { type: "string", short: "f", multiple: true },
			set: { type: "string", multiple: true },
			"set-string": { type: "string", multiple: true },
			"set-file": { type: "string", multiple: true },
			"set-json": { type: "string", multiple: true },
			"set-literal": { type: "string", multiple: true },
			"post-renderer": { type: "string" },
			timeout: { type: "string" },
			"kube-context": { type: "string" },
			kubeconfig: { type: "string" },
		},
	});
	const [name, chart] = positionals;
	if (name === undefined || chart === undefined) return undefined;
	const textOf = (value: unknown) =>
		typeof value === "string" ? value : undefined;
	const textsOf = (value: unknown) =>
		Array.isArray(value) ? value.map(String) : [];
	const values = joinValues([
		...textsOf(flags.values).map((each) => {
			// A script is run from its own folder, or from the root.
			const beside = pathFrom(folder, each);
			return readValuesFrom(
				tree,
				tree.has(beside) ? beside : pathFrom(".", each),
			);
		}),
		readSetValues(textsOf(flags.set).flatMap(splitSettings), "--set"),
		readSetValues(
			textsOf(flags["set-string"])
				.flatMap(splitSettings)
				.map((each) => ({ ...each, isString: true })),
			"--set-string",
		),
	]);
	const leftOut = [
		"set-file",
		"set-json",
		"set-literal",
		"post-renderer",
	].flatMap((flag) =>
		[flags[flag] ?? []].flat().map((each) => `--${flag} ${String(each)}`),
	);
	const [repository = ""] = chart.split("/");
	const local = pathFrom(folder, chart);
	const isLocal = tree.has(pathFrom(local, "Chart.yaml"));
	return {
		deployer: "Helm",
		name,
		namespace: textOf(flags.namespace) ?? "",
		chart: {
			name: chart.split("/").at(-1) ?? chart,
			version: textOf(flags.version),
			source: chart.startsWith("oci://")
				? chart
				: (textOf(flags.repo) ?? repositories.get(repository)),
			...(isLocal && { path: local }),
		},
		values: values.files,
		variant: "",
		unknown: [
			...values.unknown,
			...leftOut.map((each) => `${each} is left out`),
		],
		unread: [
			...values.unread,
			...leftOut.map((each) => ({ what: each, content: each })),
		],
		tool: makeHelm(helmMajorIn(tree)),
	};
}

/** e.g. `a=1,b.c=2` */
function splitSettings(text: string): SetValue[] {
	return text.split(/(?<!\\),(?![^{]*\})/).map((each) => {
		const at = each.indexOf("=");
		return { path: each.slice(0, at), text: each.slice(at + 1) };
	});
}
