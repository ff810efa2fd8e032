import { posix } from "node:path";
import { memoize } from "es-toolkit";
import { yamlAt } from "../../../common/parsing/yaml-map.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import { type HclBlock, parseHcl } from "./hcl-body.ts";
import { evaluateHcl, type HclScope } from "./hcl-expressions.ts";

/** No module is used by a module more deeply. */
const deepest = 5;

/** Blocks of Terraform, by the folder that they are in. */
const blocksIn = memoize((tree: RepositoryTree) => {
	const files = tree.paths.filter((path) => path.endsWith(".tf"));
	return Map.groupBy(
		files.flatMap((file) =>
			parseHcl(tree.read(file) ?? "").blocks.map((block) => ({ file, block })),
		),
		({ file }) => posix.dirname(file),
	);
});

/** The blocks of a folder's files. */
export function terraformBlocks(
	tree: RepositoryTree,
	folder: string,
): readonly { readonly file: string; readonly block: HclBlock }[] {
	return blocksIn(tree).get(folder) ?? [];
}

/**
 * What expressions of a folder refer to: locals, variables with what the one module block that uses the folder passes, or
 * `*.tfvars` that are read by themselves, or defaults.
 */
export function makeTerraformScope(
	tree: RepositoryTree,
	folder: string,
	report: HclScope["report"],
	depth = 0,
): HclScope {
	const blocks = terraformBlocks(tree, folder).map(({ block }) => block);
	const users = [...blocksIn(tree)].flatMap(([outer, all]) =>
		all
			.filter(
				({ block }) =>
					block.type === "module" &&
					pathFrom(outer, moduleSource(block)) === folder,
			)
			.map(({ block }) => ({ outer, block })),
	);
	const files = tree.paths.filter(
		(path) =>
			posix.dirname(path) === folder &&
			/(^|\/)terraform\.tfvars$|\.auto\.tfvars$/.test(path),
	);
	const set = new Map(
		files.flatMap((path) => [...parseHcl(tree.read(path) ?? "").attributes]),
	);
	const open = new Set<string>();
	const scope: HclScope = {
		report,
		readFile: (path) => tree.read(pathFrom(folder, path)),
		lookUp: (path) => {
			const [kind, name = "", ...keys] = path;
			if (kind === "path") return name === "module" ? "." : undefined;
			const key = `${kind}.${name}`;
			// One that refers to itself.
			if (open.has(key)) return undefined;
			open.add(key);
			const value =
				kind === "local"
					? localValue(name)
					: kind === "var"
						? variableValue(name)
						: undefined;
			open.delete(key);
			return keys.length === 0 ? value : yamlAt(value, ...keys);
		},
	};
	const evaluateIn = (expression: string | undefined, inScope = scope) =>
		expression === undefined ? undefined : evaluateHcl(expression, inScope);
	const localValue = (name: string) =>
		evaluateIn(
			blocks
				.filter(({ type }) => type === "locals")
				.flatMap(({ body }) => body.attributes.get(name) ?? [])[0],
		);
	const variableValue = (name: string) => {
		const [user, ...others] = users;
		const passed = user?.block.body.attributes.get(name);
		if (others.length > 0 && passed !== undefined) return undefined;
		if (user && passed !== undefined && depth < deepest)
			return evaluateIn(
				passed,
				makeTerraformScope(tree, user.outer, report, depth + 1),
			);
		const variable = blocks.find(
			({ type, labels }) => type === "variable" && labels[0] === name,
		);
		return evaluateIn(
			set.get(name) ?? variable?.body.attributes.get("default"),
		);
	};
	return scope;
}

/** Only those in the repository are looked for. */
function moduleSource({ body }: HclBlock): string {
	return (
		/^"(\.{1,2}\/[^"$]*)"$/.exec(body.attributes.get("source") ?? "")?.[1] ??
		"//elsewhere"
	);
}
