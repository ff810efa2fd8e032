import { uniq } from "es-toolkit";
import { withoutDigest } from "../../../harness/images/reference.ts";
import { dangers, kinds } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { imagesByPlace, splitImage } from "./image-places.ts";
import { describeDoubled, isDoubled } from "./image-registries.ts";
import { kindOfChange, pairTags } from "./image-versions.ts";

/** Images whose tag, digest, registry or repository changes, and new ones. */
export function compareImages(a: Side, b: Side): Reason[] {
	const before = byRepository(a.images);
	const after = byRepository(b.images);
	const known = [...before.keys()];
	const replaced = replacedIn(a, b);
	const reasons: Reason[] = [];
	const left = new Map([...before].filter(([name]) => !after.has(name)));
	for (const [repository, versions] of after) {
		const changes = replaced.get(repository) ?? [];
		const old = before.get(repository);
		if (old) {
			reasons.push(...compareVersions(repository, old, versions, changes));
			continue;
		}
		const moved = [...left.keys()].find(
			(each) => baseName(each) === baseName(repository),
		);
		const doubled = isDoubled(repository, known, moved);
		if (!moved) {
			reasons.push(
				doubled
					? describeDoubled(repository, repository, b)
					: makeReason(
							"image-added",
							repository,
							`${repository} is new, in version ${versions.map(short).join(", ")}.`,
						),
			);
			continue;
		}
		left.delete(moved);
		const older = before.get(moved) ?? [];
		reasons.push(
			doubled
				? describeDoubled(moved, repository, b)
				: makeReason(
						"image-moved",
						moved,
						`${moved} ${older.map(short).join(", ")} is now pulled from ${repository}, in version ${versions.map(short).join(", ")}.`,
					),
			...compareVersions(repository, older, versions, changes),
		);
	}
	return reasons;
}

type Change = readonly [from: string, to: string];

/** Containers that have another version of the same image, by its repository. */
function replacedIn(a: Side, b: Side): Map<string, Change[]> {
	const before = imagesByPlace(a);
	const found = new Map<string, Change[]>();
	for (const [place, image] of imagesByPlace(b)) {
		const old = before.get(place);
		if (old === undefined || old === image) continue;
		const [from, to] = [splitImage(old), splitImage(image)];
		if (baseName(from.repository) !== baseName(to.repository)) continue;
		const changes = found.get(to.repository) ?? [];
		found.set(to.repository, [...changes, [from.version, to.version]]);
	}
	return found;
}

/** One reason for each image: the worst of what happens to its versions. */
function compareVersions(
	repository: string,
	before: readonly string[],
	after: readonly string[],
	replaced: readonly Change[],
): Reason[] {
	const isNew = (version: string) => !replaced.some(([, to]) => to === version);
	// What no container tells of is compared as two sets, such as images in arguments.
	const changes = [
		...replaced,
		...pairTags(before, after).filter(([, to]) => isNew(to)),
	].filter(([from, to]) => from !== to);
	const from = before.map(short).join(", ");
	const to = after.map(short).join(", ");
	if (from === to && changes.length === 0) return [];
	const found = changes.map(([old, now]) => kindOfChange(old, now));
	const worst = found.toSorted((one, other) => rank(other) - rank(one))[0];
	const name = baseName(repository);
	return [
		makeReason(
			worst ?? "image-changed",
			repository,
			from === to
				? `A container with ${name} goes from one of its versions to another.`
				: `${name} goes from ${from} to ${to}${describeDigests(changes)}.`,
			{
				evidence:
					from === to || changes.length > 1
						? uniq(changes.map((each) => each.map(short).join(" → ")))
						: [],
			},
		),
	];
}

function rank(id: keyof typeof kinds): number {
	return dangers.indexOf(kinds[id].danger);
}

/** A digest says nothing about what is in the image. */
function describeDigests(changes: readonly Change[]): string {
	if (changes.some((each) => each.some(isDigest)))
		return "; which version a digest is cannot be read from it";
	return changes.length > 0 &&
		changes.every(([from, to]) => withoutDigest(from) === withoutDigest(to))
		? ": the same tag, with another digest"
		: "";
}

function isDigest(version: string): boolean {
	return /^sha\d+:/.test(version);
}

/** A digest is as long as a line, and its beginning is enough to tell it from another. */
function short(version: string): string {
	return version.replace(/(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1...");
}

function byRepository(images: readonly string[]): Map<string, string[]> {
	const found = new Map<string, string[]>();
	for (const image of images) {
		const { repository, version } = splitImage(image);
		found.set(repository, [...(found.get(repository) ?? []), version]);
	}
	return found;
}

function baseName(repository: string): string {
	return repository.split("/").at(-1) ?? repository;
}
