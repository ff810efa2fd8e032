import { expect, test } from "vitest";
import { unreadableAmounts } from "./readable-amounts.ts";

const make = (kind: string, spec: object) => ({
	apiVersion: "v1",
	kind,
	metadata: { name: "one" },
	spec,
});
const asking = (storage: unknown) => ({ resources: { requests: { storage } } });

test.each([
	[
		make("PersistentVolumeClaim", asking("5GB")),
		`spec.resources.requests.storage is "5GB", which cannot be read as a volume's size, such as 5Gi or 5G`,
	],
	[
		make("StatefulSet", { volumeClaimTemplates: [{ spec: asking("much") }] }),
		'spec.volumeClaimTemplates[0].spec.resources.requests.storage is "much"',
	],
	[
		make("Alertmanager", {
			storage: { volumeClaimTemplate: { spec: asking("1 Gi") } },
		}),
		'spec.storage.volumeClaimTemplate.spec.resources.requests.storage is "1 Gi"',
	],
	[
		make("Prometheus", { retentionSize: "500k" }),
		'spec.retentionSize is "500k", which cannot be read as a size that Prometheus keeps, such as 8GB',
	],
	[
		make("Prometheus", { retention: "6 days" }),
		'spec.retention is "6 days", which cannot be read as a time that Prometheus keeps, such as 6d',
	],
])("%j is named", (object, says) => {
	expect(unreadableAmounts(object)).toEqual([expect.stringContaining(says)]);
});

test.each([
	make("PersistentVolumeClaim", asking("1Ei")),
	make("PersistentVolumeClaim", asking(1073741824)),
	make("PersistentVolumeClaim", {}),
	make("Prometheus", { retentionSize: "7GiB512MiB", retention: "1w2d" }),
	make("Prometheus", { retentionSize: "", retention: "" }),
	// Other kinds may mean something else by it.
	make("Other", { retention: "forever" }),
])("%j is readable", (object) => {
	expect(unreadableAmounts(object)).toEqual([]);
});
