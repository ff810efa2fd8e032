import { isPlainObject } from "es-toolkit";
import { parseImageReference } from "../../../harness/images/reference.ts";
import { asObject } from "../charts/fields.ts";
import { objectKey, type Side } from "../charts/side.ts";

/** Which image each container has, and each custom resource that names one, by where that is written. */
export function imagesByPlace({
	objects,
	hooks,
}: Pick<Side, "objects" | "hooks">): Map<string, string> {
	const found = new Map<string, string>();
	for (const object of [...objects, ...hooks])
		collect(object, objectKey(object), found);
	return found;
}

function collect(
	value: unknown,
	place: string,
	found: Map<string, string>,
): void {
	if (Array.isArray(value))
		value.forEach((each: unknown, i) => {
			// A further container in front must not move all the others.
			collect(each, `${place} ${String(asObject(each).name ?? i)}`, found);
		});
	if (!isPlainObject(value)) return;
	for (const [key, each] of Object.entries(value))
		if (key === "image" && typeof each === "string") found.set(place, each);
		else collect(each, `${place} ${key}`, found);
}

/** A repository, and what of it is pulled: `v1`, `sha256:...`, or `v1@sha256:...`. */
export function splitImage(image: string): {
	readonly repository: string;
	readonly version: string;
} {
	const { repository, tag, digest } = parseImageReference(image);
	const hasTag = /:[^/]*$/.test(image.split("@")[0] ?? "");
	return {
		repository,
		version: digest && !hasTag ? digest : digest ? `${tag}@${digest}` : tag,
	};
}
