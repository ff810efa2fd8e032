import { expect, test } from "vitest";
import { whyUnreconciled } from "./unreconciled.ts";

function makeObject(status: string, observedGeneration?: number) {
	return {
		apiVersion: "monitoring.coreos.com/v1",
		kind: "Alertmanager",
		metadata: {
			name: "a",
			namespace: "m",
			uid: "",
			generation: 2,
			labels: {},
			annotations: {},
			ownerReferences: [],
		},
		status: {
			conditions: [
				{ type: "Available", status: "False", message: "no pod" },
				{
					type: "Reconciled",
					status,
					reason: "ReconciliationFailed",
					message: "undefined receiver",
					...(observedGeneration && { observedGeneration }),
				},
			],
		},
	};
}

test("what the operator says of an object as it is now is its reason", () => {
	const said =
		"Alertmanager/m/a is Reconciled=False: ReconciliationFailed: undefined receiver";
	expect(whyUnreconciled(makeObject("False", 2))).toBe(said);
	expect(whyUnreconciled(makeObject("False"))).toBe(said);
	expect(whyUnreconciled(makeObject("False", 1))).toBeUndefined();
	expect(whyUnreconciled(makeObject("True", 2))).toBeUndefined();
});
