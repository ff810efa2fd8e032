import { expect, test } from "vitest";
import { stringify } from "yaml";
import { BadInputError } from "../../common/errors.ts";
import { refuseRoutePrefix } from "./route-prefix.ts";

const refuse = (kind: string, spec: object) => () =>
	refuseRoutePrefix(
		stringify({ apiVersion: "v1", kind, metadata: { name: "x" }, spec }),
	);

test.each(["Prometheus", "Alertmanager"])(
	"a path of %s is refused before anything starts",
	(kind) => {
		const check = refuse(kind, { routePrefix: "/below" });
		expect(check).toThrow(BadInputError);
		expect(check).toThrow(`${kind}/x has routePrefix: /below`);
	},
);

test.each([
	["no path", "Prometheus", {}],
	["the chart's own", "Prometheus", { routePrefix: "/" }],
	["an empty one", "Alertmanager", { routePrefix: "" }],
	["that of another program", "ThanosRuler", { routePrefix: "/ruler" }],
])("%s is not", (_, kind, spec) => {
	expect(refuse(kind, spec)).not.toThrow();
});
