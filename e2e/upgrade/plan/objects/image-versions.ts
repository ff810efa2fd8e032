import { partition } from "es-toolkit";
import { coerce, compare, lt, type SemVer } from "semver";
import { withoutDigest } from "../../../harness/images/reference.ts";
import type { ReasonId } from "../../reason-kinds.ts";

/** What a change of an image's tag means. */
export function kindOfChange(from = "", to = ""): ReasonId {
	const older = versionIn(from);
	const newer = versionIn(to);
	if (!older || !newer) return "image-changed";
	const isOlder =
		lt(newer, older) ||
		(newer.version === older.version && isTrial(to) && !isTrial(from));
	if (isOlder) return "image-downgraded";
	if (older.major !== newer.major) return "image-major-changed";
	if (variantOf(from) !== variantOf(to)) return "image-variant-changed";
	return newer.major === 0 && older.minor !== newer.minor
		? "image-minor-of-0-changed"
		: "image-changed";
}

/**
 * Undefined for tags that are no versions: of dates (v20221220-..., 2025.1), of commits, of builds (build-45),
 * RELEASE..., latest. A word in front must say that it is a version, or the version must have three parts.
 */
export function versionIn(tag: string): SemVer | undefined {
	const text =
		/^(?:(?:release|version|rel|ver)[-_]|[a-z]+(?:[-_][a-z]+)*[-_](?=v?\d+\.\d+\.\d))?(v?\d.*)$/i.exec(
			withoutDigest(tag),
		)?.[1];
	if (
		text === undefined ||
		!/^v?\d{1,3}(\.\d+){0,3}(?![\d.]*\d{4,})([-+_]|$)/.test(text)
	)
		return undefined;
	return coerce(text) ?? undefined;
}

/**
 * Which of the tags of a repository became which: the lowest that is gone the lowest that is new. What has no
 * counterpart is compared with the closest tag that stays.
 */
export function pairTags(
	before: readonly string[],
	after: readonly string[],
): [from: string, to: string][] {
	const gone = inOrder(before.filter((each) => !after.includes(each)));
	const added = inOrder(after.filter((each) => !before.includes(each)));
	const stays = inOrder(before.filter((each) => after.includes(each)));
	return added.flatMap((to, i): [string, string][] => {
		const from = gone[Math.min(i, gone.length - 1)] ?? closest(to, stays);
		return from === undefined ? [] : [[from, to]];
	});
}

function inOrder(tags: readonly string[]): string[] {
	const [versions, others] = partition(
		tags.map((tag) => ({ tag, version: versionIn(tag) })),
		({ version }) => version !== undefined,
	);
	const sorted = versions.sort((a, b) =>
		a.version && b.version ? compare(a.version, b.version) : 0,
	);
	return [...others, ...sorted].map(({ tag }) => tag);
}

function closest(tag: string, others: readonly string[]): string | undefined {
	const version = versionIn(tag);
	return (
		others.find((each) => versionIn(each)?.major === version?.major) ??
		others.at(-1)
	);
}

/** Whether a tag is of a version that comes before a release. */
function isTrial(tag: string): boolean {
	return /\d-(rc|alpha|beta|pre)[-.]?\d*\b/i.test(withoutDigest(tag));
}

/** What the image is made on, or the letters after the version in a tag, e.g. `distroless`. */
function variantOf(tag: string): string {
	const text = withoutDigest(tag);
	const base =
		/-(alpine|debian|ubuntu|ubi|centos|bookworm|bullseye|trixie|noble|jammy)[\d.]*(?=-|$)/.exec(
			text,
		);
	return (base ?? /-([a-z]+)$/.exec(text))?.[1] ?? "";
}
