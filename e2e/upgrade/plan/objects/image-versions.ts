import { coerce, lt, type SemVer } from "semver";
import type { ReasonId } from "../../reason-kinds.ts";

/** What a change of an image's tag means. */
export function kindOfChange(from = "", to = ""): ReasonId {
	const older = versionIn(from);
	const newer = versionIn(to);
	if (!older || !newer) return "image-changed";
	if (lt(newer, older)) return "image-downgraded";
	if (older.major !== newer.major) return "image-major-changed";
	if (variantOf(from) !== variantOf(to)) return "image-variant-changed";
	return newer.major === 0 && older.minor !== newer.minor
		? "image-minor-of-0-changed"
		: "image-changed";
}

/** Undefined for tags that are no versions: of dates (v20221220-..., 2025.1), of commits, RELEASE..., latest. */
export function versionIn(tag: string): SemVer | undefined {
	if (!/^v?\d{1,3}(\.\d+){0,2}(?![\d.]*\d{4,})([-+_]|$)/.test(tag))
		return undefined;
	return coerce(tag) ?? undefined;
}

/** The letters after the version in a tag, e.g. `distroless`. */
function variantOf(tag: string): string {
	return /-([a-z]+)$/.exec(tag)?.[1] ?? "";
}
