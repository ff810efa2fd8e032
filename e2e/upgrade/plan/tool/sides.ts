import { isEqual } from "es-toolkit";
import type { Side } from "../charts/side.ts";

/** Whether both sides install the same: then a tool has nothing to do. */
export function isSameInstallation(a: Side, b: Side): boolean {
	return (
		a.version === b.version &&
		isEqual(a.objects, b.objects) &&
		isEqual(a.hooks, b.hooks) &&
		isEqual(a.crds, b.crds)
	);
}
