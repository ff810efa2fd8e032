import { expect, test } from "vitest";
import { describeWriter, writer } from "./written-from-doppler.ts";

const describe = (spec: object) =>
	describeWriter(
		writer.parse({
			apiVersion: "external-secrets.io/v1",
			kind: "ExternalSecret",
			metadata: { name: "slack", namespace: "monitoring" },
			spec,
		}),
	);

test.each([
	[{}, "refreshInterval 1h"],
	[
		{ refreshInterval: "1m", refreshPolicy: "CreatedOnce" },
		"refreshInterval 1m and refreshPolicy CreatedOnce",
	],
	[
		{ refreshInterval: "1m", target: { immutable: true } },
		"refreshInterval 1m and target.immutable true, with which the Secret is never changed",
	],
	[
		{ target: { template: { data: { url: "https://example.org" } } } },
		"refreshInterval 1h and a target.template, which may say it itself",
	],
])("%j is told", (spec, told) => {
	expect(describe(spec)).toBe(`its ExternalSecret slack has ${told}`);
});
