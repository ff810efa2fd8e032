import { coerce, lt } from "semver";
import { parseImageReference } from "../../../harness/images/reference.ts";
import { makeReason, type Reason, type ReasonId } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";

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
		if (moved) {
			left.delete(moved);
			reasons.push(
				makeReason(
					"image-moved",
					moved,
					`${moved} is now pulled from ${repository}.`,
				),
				...compareTags(repository, before.get(moved) ?? [], tags),
			);
			continue;
		}
		reasons.push(
			makeReason("image-added", repository, `${repository} is new.`, {
				evidence: tags,
			}),
		);
	}
	return reasons;
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

function kindOfChange(from = "", to = ""): ReasonId {
	const older = coerce(from);
	const newer = coerce(to);
	if (!older || !newer) return "image-changed";
	if (lt(newer, older)) return "image-downgraded";
	if (older.major !== newer.major) return "image-major-changed";
	return variantOf(from) === variantOf(to)
		? "image-changed"
		: "image-variant-changed";
}

/** The letters after the version in a tag, e.g. `distroless`. */
function variantOf(tag: string): string {
	return /-([a-z]+)$/.exec(tag)?.[1] ?? "";
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
