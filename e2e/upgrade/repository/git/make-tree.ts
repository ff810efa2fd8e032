import { stringify } from "yaml";
import { RepositoryTree } from "./tree.ts";

/** A tree for tests: a file is a text, or what becomes YAML; a list becomes several documents. */
export function makeTree(
	files: Readonly<Record<string, string | object>>,
): RepositoryTree {
	return new RepositoryTree(
		new Map(
			Object.entries(files).map(([path, content]) => [
				path,
				Buffer.from(
					typeof content === "string"
						? content
						: Array.isArray(content)
							? content.map((each) => stringify(each)).join("---\n")
							: stringify(content),
				),
			]),
		),
	);
}
