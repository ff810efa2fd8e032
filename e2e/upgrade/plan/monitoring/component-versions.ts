import { valid } from "semver";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** Versions that the operator cannot read: it leaves the whole object as it was. */
export function compareComponentVersions(a: Side, b: Side): Reason[] {
	const known = new Set(unreadableVersions(a).map(({ subject }) => subject));
	return unreadableVersions(b)
		.filter(({ subject }) => !known.has(subject))
		.map(({ subject, object, version }) =>
			makeReason(
				"object-refused",
				subject,
				`The operator refuses ${nameOf(object)}: "${version}" is no version. Nothing that changes in it comes into effect.`,
				{
					wayOut:
						"Set the version to one such as v3.5.0, or leave it out: then the operator takes its own.",
				},
			),
		);
}

function unreadableVersions(side: Side) {
	return objectsOf(side, ...operatorWorkloads).flatMap((object: Manifest) =>
		["spec.version", "spec.thanos.version"].flatMap((path) => {
			const version = at(object, path);
			return typeof version === "string" && version && !isReadable(version)
				? [{ subject: `${nameOf(object)} ${path}`, object, version }]
				: [];
		}),
	);
}

/**
 * As the operator reads versions: a `v` in front, fewer than three numbers and zeros in front of them are fine, see
 * https://pkg.go.dev/github.com/blang/semver/v4#ParseTolerant.
 */
function isReadable(version: string): boolean {
	const text = version.trim().replace(/^v/, "");
	if (/^\d+(\.\d+)?$/.test(text)) return true;
	return valid(text.replaceAll(/(^|\.)0+(?=\d)/g, "$1")) !== null;
}
