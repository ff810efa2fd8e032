import { isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, textAt } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { lastingVolume } from "./lasting-volume.ts";

/** Where a container keeps data that outlives its pod. */
interface Place {
	readonly container: string;
	readonly mountPath: string;
	/** e.g. `the volume claim grafana`; undefined if it goes with the pod. */
	readonly volume: string | undefined;
	readonly subPath: string;
}

/** Workloads that look for their data in another volume, or in another folder of it, or keep none any more. */
export function compareMovedData(a: Side, b: Side): Reason[] {
	return pair(a, b, "Deployment", "StatefulSet").both.flatMap(([old, now]) =>
		movedDataOf(old, now),
	);
}

/** The same of one workload, which may have another name or kind afterwards. */
export function movedDataOf(old: Manifest, now: Manifest): Reason[] {
	const after = placesOf(now);
	return placesOf(old).flatMap((from) => {
		if (from.volume === undefined) return [];
		const to = after.find(
			({ container, mountPath }) =>
				container === from.container && mountPath === from.mountPath,
		);
		const isElsewhere = after.some(
			({ volume, subPath }) =>
				volume === from.volume && subPath === from.subPath,
		);
		if (isEqual(from, to) || (!to && isElsewhere)) return [];
		return [describeMove(nameOf(old), from, to)];
	});
}

function describeMove(
	name: string,
	from: Place,
	to: Place | undefined,
): Reason {
	const { mountPath } = from;
	if (to?.volume === undefined)
		return makeReason(
			"volume-dropped",
			`${name} ${mountPath}`,
			`${name} had ${describe(from)} at ${mountPath}, and now has ${to ? "a volume that goes with the pod" : "nothing"} there: its old data stays where it is, and it begins with none.`,
		);
	return makeReason(
		"data-left-behind",
		`${name} ${mountPath}`,
		`${name} had ${describe(from)} at ${mountPath}, and now has ${describe(to)} there: its old data stays where it is, and it begins with what is in the new place.`,
		{
			wayOut: `Keep ${describe(from)} (existingClaim, subPath, hostPath), or copy the data before.`,
		},
	);
}

function describe({ volume, subPath }: Place): string {
	return subPath ? `${subPath} of ${volume}` : String(volume);
}

function placesOf(workload: Manifest): Place[] {
	const spec = at(workload, "spec.template.spec");
	const templates = listAt(workload, "spec", "volumeClaimTemplates").map(
		(each) => textAt(each, "metadata.name"),
	);
	const volumes = new Map(
		listAt(spec, "volumes").map((each) => [textAt(each, "name"), each]),
	);
	return listAt(spec, "containers").flatMap((container) =>
		listAt(container, "volumeMounts").map((mount): Place => {
			const name = textAt(mount, "name");
			return {
				container: textAt(container, "name"),
				mountPath: textAt(mount, "mountPath").replace(/(?!^)\/$/, ""),
				subPath: textAt(mount, "subPath"),
				volume: volumes.has(name)
					? isOnlyRead(mount, volumes.get(name))
						? undefined
						: lastingVolume(volumes.get(name))
					: templates.includes(name)
						? `the volume claims of the template ${name}`
						: undefined,
			};
		}),
	);
}

/** What a container only reads of its node is none of its data. */
function isOnlyRead(mount: unknown, volume: unknown): boolean {
	return at(mount, "readOnly") === true && at(volume, "hostPath") !== undefined;
}
