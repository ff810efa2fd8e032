import type { Manifest } from "../../../clients/kube-objects.ts";
import type { Crd } from "../charts/crd-schema.ts";
import type { Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";
import { withoutComputedDefaults } from "./computed-defaults.ts";
import { withoutDefaults } from "./without-defaults.ts";

/**
 * A side whose objects have no written-out defaults and no labels of the chart's version, so that what differs is a
 * change. Both sides of a comparison are read by the same CRDs: the API server completes stored objects, too.
 */
export function settledSide(side: Side, crds: readonly Crd[]): Side {
	return {
		...side,
		objects: withoutComputedDefaults(
			side.objects.map((each) => settledObject(each, crds)),
		),
		hooks: side.hooks.map((each) => settledObject(each, crds)),
	};
}

/** A chart is compared many times in experiments, mostly with the same objects. */
const known = new WeakMap<readonly Crd[], WeakMap<Manifest, Manifest>>();

function settledObject(object: Manifest, crds: readonly Crd[]): Manifest {
	const own = known.get(crds) ?? new WeakMap<Manifest, Manifest>();
	known.set(crds, own);
	const settled =
		own.get(object) ?? withoutVersions(withoutDefaults(object, crds));
	own.set(object, settled);
	return settled;
}
