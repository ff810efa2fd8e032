import { expect, test } from "vitest";
import { at } from "../charts/fields.ts";
import { allowedIn, enumeratedFields } from "./built-in-enums.ts";
import { builtInSchema } from "./built-in-schemas.ts";
import { schemaErrors } from "./schema-errors.ts";

/** The names of some models begin with a group. */
const plain = enumeratedFields.filter((field) => /^V\d/.test(field));

test.each(plain)("%s is a field", (field) => {
	const [, version = "", kind = "", name = ""] =
		/^V(\d)(\w+)\.(\w+)$/.exec(field) ?? [];
	const schema = builtInSchema(`apps/v${version}`, kind);
	const own = at(schema, ["properties", name]);
	expect([at(own, "enum"), at(own, "items.enum")]).toContainEqual(
		allowedIn(field),
	);
});

const errorsIn = (apiVersion: string, kind: string, content: object) =>
	schemaErrors(content, {
		...builtInSchema(apiVersion, kind),
		required: [],
	});
const podsWith = (spec: object) => ({
	spec: {
		selector: {},
		template: { spec: { containers: [{ name: "a" }], ...spec } },
	},
});

test.each([
	["v1", "Service", { spec: { type: "Loadbalancer" } }, "Loadbalancer"],
	["v1", "Service", { spec: { ports: [{ port: 1, protocol: "tcp" }] } }, "tcp"],
	["v1", "PersistentVolumeClaim", { spec: { accessModes: ["RWO"] } }, "RWO"],
	[
		"apps/v1",
		"Deployment",
		podsWith({ tolerations: [{ operator: "exists" }] }),
		"exists",
	],
	[
		"apps/v1",
		"Deployment",
		podsWith({ tolerations: [{ effect: "Noschedule" }] }),
		"Noschedule",
	],
	[
		"apps/v1",
		"Deployment",
		podsWith({ containers: [{ name: "a", imagePullPolicy: "Sometimes" }] }),
		"Sometimes",
	],
	[
		"apps/v1",
		"Deployment",
		podsWith({
			containers: [{ name: "a", resources: { limits: { memory: "512MB" } } }],
		}),
		"no quantity such as 512Mi",
	],
	[
		"apps/v1",
		"Deployment",
		podsWith({ volumes: [{ name: "a", emptyDir: { sizeLimit: "1 Gi" } }] }),
		"no quantity",
	],
])("%s %s %j: %s", (apiVersion, kind, content, says) => {
	expect(errorsIn(apiVersion, kind, content)).toEqual([
		expect.stringContaining(says),
	]);
});

test.each([
	["v1", "Service", { spec: { type: "LoadBalancer", ipFamilyPolicy: "" } }],
	["v1", "Service", { spec: { trafficDistribution: null } }],
	[
		"apps/v1",
		"Deployment",
		podsWith({
			tolerations: [{ operator: "Exists", effect: "" }],
			containers: [
				{
					name: "a",
					resources: { limits: { memory: 1073741824, cpu: "1e3" } },
				},
			],
		}),
	],
	[
		"networking.k8s.io/v1",
		"NetworkPolicy",
		{ spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } },
	],
])("%s %s %j has no error", (apiVersion, kind, content) => {
	expect(errorsIn(apiVersion, kind, content)).toEqual([]);
});
