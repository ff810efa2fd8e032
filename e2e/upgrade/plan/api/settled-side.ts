import { set } from "es-toolkit/compat";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import type { Crd } from "../charts/crd-schema.ts";
import { at } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";
import { withoutComputedDefaults } from "./computed-defaults.ts";
import { withoutOperatorDefaults } from "./operator-defaults.ts";
import { withPlainAmounts } from "./plain-amounts.ts";
import { withoutDefaults } from "./without-defaults.ts";

/**
 * A side whose objects have no written-out defaults, amounts in one form each, and no labels of the chart's version, so that what differs is a
 * change. Both sides of a comparison are read by the same CRDs: the API server completes stored objects, too.
 */
export function settledSide(side: Side, crds: readonly Crd[]): Side {
	return settledBy(crds).side(side);
}

/** A chart is compared many times in experiments, mostly with the same objects. */
const settledBy = oncePerObject((crds: readonly Crd[]) => {
	const settled = oncePerObject((object: Manifest) => settle(object, crds));
	return {
		side: oncePerObject(
			(side: Side): Side => ({
				...side,
				objects: withoutComputedDefaults(side.objects.map(settled)),
				hooks: side.hooks.map(settled),
			}),
		),
	};
});

function settle(object: Manifest, crds: readonly Crd[]): Manifest {
	const plain = withPlainAmounts(
		withoutOperatorDefaults(withoutDefaults(object, crds)),
	);
	const settled = withoutVersions(plain);
	// There the API server lets nothing change, not even a label of the chart's version.
	for (const path of unchangeable[object.kind] ?? [])
		if (at(plain, path) !== undefined) set(settled, path, at(plain, path));
	return settled;
}

const unchangeable: Readonly<Record<string, readonly string[]>> = {
	StatefulSet: ["spec.volumeClaimTemplates"],
	Job: ["spec.template"],
};
