import { posix } from "node:path";
import { makeHelm } from "../../tools/helm.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import {
	type FoundRelease,
	joinValues,
	type ReadValues,
	readValuesFrom,
} from "../release.ts";
import { readSetValues } from "../set-values.ts";

/** The `helm_release` resources of a Terraform file, as far as they are literals. */
export function readTerraform(
	tree: RepositoryTree,
	file: string,
): FoundRelease[] {
	const text = tree.read(file) ?? "";
	const folder = posix.dirname(file);
	return [
		...text.matchAll(
			/^resource\s+"helm_release"\s+"([^"]+)"\s*\{\n(.*?)^\}/gms,
		),
	].flatMap((match): FoundRelease[] => {
		const [, label = "", body = ""] = match;
		const chart = literal(body, "chart");
		if (chart === undefined) return [];
		const source = literal(body, "repository");
		const values = joinValues([
			...[...body.matchAll(/\b(file|templatefile)\(\s*"([^"]+)"/g)].map(
				([, call, path = ""]): ReadValues => {
					const full = pathFrom(
						folder,
						path.replace(/^\$\{path\.module\}\//, ""),
					);
					return call === "file"
						? readValuesFrom(tree, full)
						: {
								files: [],
								unknown: [
									`${full} is a template of Terraform: its values are left out`,
								],
							};
				},
			),
			readSet(body, file),
		]);
		const version = literal(body, "version");
		return [
			{
				deployer: "Terraform",
				name: literal(body, "name") ?? label,
				namespace: literal(body, "namespace") ?? "",
				chart: {
					name: chart.split("/").at(-1) ?? chart,
					version,
					source: source?.startsWith("oci://")
						? `${source.replace(/\/$/, "")}/${chart}`
						: chart.startsWith("oci://")
							? chart
							: source,
				},
				values: values.files,
				place: { file, line: text.slice(0, match.index).split("\n").length },
				variant: "",
				unknown: [
					...values.unknown,
					...(version === undefined && /^\s*version\s*=/m.test(body)
						? ["the version is a variable of Terraform: it is not known"]
						: []),
				],
				unread: values.unread,
				tool: makeHelm(3, "Terraform"),
			},
		];
	});
}

/** An attribute of the resource itself that is a plain text. */
function literal(body: string, name: string): string | undefined {
	return new RegExp(`^(?:  |\\t)${name}\\s*=\\s*"([^"$]*)"`, "m").exec(
		body,
	)?.[1];
}

function readSet(body: string, file: string): ReadValues {
	const pairs = body.matchAll(
		/name\s*=\s*"([^"$]+)"\s*\n\s*value\s*=\s*"?([^"$\n]*)"?\s*$/gm,
	);
	return readSetValues(
		[...pairs].map(([, path = "", value = ""]) => ({
			path,
			text: value.trim(),
		})),
		`${file} (set)`,
	);
}
