import { parseImageReference } from "../../../harness/images/reference.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { leavesOf, printPath } from "../values/values.ts";
import { kindOfChange } from "./image-versions.ts";

/** Images whose tag, registry or repository changes, and new ones. */
export function compareImages(a: Side, b: Side): Reason[] {
	const before = byRepository(a.images);
	const after = byRepository(b.images);
	const reasons: Reason[] = [];
	const left = new Map([...before].filter(([name]) => !after.has(name)));
	for (const [repository, tags] of after) {
		const old = before.get(repository);
		if (old) {
			reasons.push(...compareTags(repository, old, tags));
			continue;
		}
		const moved = [...left.keys()].find(
			(each) => baseName(each) === baseName(repository),
		);
		if (!moved) {
			reasons.push(
				makeReason(
					"image-added",
					repository,
					`${repository} is new, in version ${tags.join(", ")}.`,
				),
			);
			continue;
		}
		left.delete(moved);
		const older = before.get(moved) ?? [];
		reasons.push(
			isDoubled(moved, repository)
				? describeDoubled(moved, repository, b)
				: makeReason(
						"image-moved",
						moved,
						`${moved} ${older.join(", ")} is now pulled from ${repository}, in version ${tags.join(", ")}.`,
					),
			...compareTags(repository, older, tags),
		);
	}
	return reasons;
}

/** Registries of everybody, which have no repositories named like another registry; a mirror of your own may. */
const publicRegistries =
	/^(docker\.io|quay\.io|ghcr\.io|gcr\.io|registry\.k8s\.io|k8s\.gcr\.io|public\.ecr\.aws|mcr\.microsoft\.com)\//;

/** Whether a registry was put in front of a repository that names its own already. */
function isDoubled(before: string, after: string): boolean {
	const inner = after.slice(after.indexOf("/") + 1);
	return (
		publicRegistries.test(after) &&
		(inner === before || /^[\w-]+(\.[\w-]+)+(:\d+)?\//.test(inner))
	);
}

function describeDoubled(
	before: string,
	after: string,
	{ values }: Side,
): Reason {
	const inner = after.slice(after.indexOf("/") + 1);
	const [registry = ""] = inner.split("/");
	const key = leavesOf(values).find(
		({ path, value }) => path.at(-1) === "repository" && value === inner,
	);
	const image = key ? printPath(key.path.slice(0, -1)) : "image";
	return makeReason(
		"image-registry-doubled",
		before,
		`The new chart puts a registry in front of ${before}: ${after} does not exist. Set ${image}.registry to ${registry} and ${image}.repository to ${inner.slice(registry.length + 1)}.`,
	);
}

function compareTags(
	repository: string,
	before: readonly string[],
	after: readonly string[],
): Reason[] {
	const from = before.join(", ");
	const to = after.join(", ");
	if (from === to) return [];
	return [
		makeReason(
			kindOfChange(before[0], after[0]),
			repository,
			`${baseName(repository)} goes from ${from} to ${to}.`,
		),
	];
}

/** Tags (or digests) by registry and repository. */
function byRepository(images: readonly string[]): Map<string, string[]> {
	const found = new Map<string, string[]>();
	for (const image of images) {
		const { repository, tag, digest } = parseImageReference(image);
		const tags = found.get(repository) ?? [];
		found.set(repository, [
			...tags,
			image.includes(":") ? tag : (digest ?? tag),
		]);
	}
	return found;
}

function baseName(repository: string): string {
	return repository.split("/").at(-1) ?? repository;
}
