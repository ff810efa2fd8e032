import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { leavesOf, printPath } from "../values/values.ts";

/** Registries of everybody, which have no repositories named like another registry; a mirror of your own may. */
const publicRegistries = [
	"docker.io",
	"quay.io",
	"ghcr.io",
	"gcr.io",
	"registry.k8s.io",
	"k8s.gcr.io",
	"public.ecr.aws",
	"mcr.microsoft.com",
];

/**
 * Whether a registry was put in front of a repository that names its own already.
 *
 * @param known repositories of the old chart, which were pulled from where they are
 * @param before where this image was pulled from, if it was
 */
export function isDoubled(
	repository: string,
	known: readonly string[],
	before?: string,
): boolean {
	const [outer = "", first = "", ...rest] = repository.split("/");
	if (rest.length === 0) return false;
	const repeated = repeatedPrefix(repository);
	if (repeated !== undefined)
		return !known.some((each) => each.startsWith(repeated));
	if (known.some((each) => each.startsWith(`${outer}/${first}/`))) return false;
	// No part of a path may have a colon.
	if (first === outer || first.includes(":")) return true;
	if (!publicRegistries.includes(outer)) return false;
	if (publicRegistries.includes(first) || first === "localhost") return true;
	// These have names with dots of their own, as in gcr.io/google.com/cloudsdktool.
	const mayBeName = /^(quay\.io|(k8s\.)?gcr\.io)$/.test(outer);
	return (
		[first, ...rest].join("/") === before ||
		(!mayBeName && /^[\w-]+(\.[\w-]+)+$/.test(first))
	);
}

/** A registry with a project that is there twice, as in `harbor.lan/proxy/harbor.lan/proxy/a/b`; undefined if there is none. */
function repeatedPrefix(repository: string): string | undefined {
	const parts = repository.split("/");
	if (!/[.:]/.test(parts[0] ?? "")) return undefined;
	for (let length = 2; 2 * length < parts.length; length++) {
		const prefix = parts.slice(0, length).join("/");
		const doubled = `${prefix}/${prefix}/`;
		if (repository.startsWith(doubled)) return doubled;
	}
	return undefined;
}

/** @param subject the image's old repository, if it had one */
export function describeDoubled(
	subject: string,
	repository: string,
	{ values }: Side,
): Reason {
	const inner = repository.slice(repository.indexOf("/") + 1);
	const [registry = ""] = inner.split("/");
	const key = leavesOf(values).find(
		({ path, value }) => path.at(-1) === "repository" && value === inner,
	);
	const image = key ? printPath(key.path.slice(0, -1)) : "image";
	return makeReason(
		"image-registry-doubled",
		subject,
		`The new chart puts a registry in front of ${inner}: ${repository} does not exist. Set ${image}.registry to ${registry} and ${image}.repository to ${inner.slice(registry.length + 1)}.`,
	);
}
