import { expect, test } from "vitest";
import { at } from "../charts/fields.ts";
import { builtInSchema } from "./built-in-schemas.ts";

const fieldOf = (apiVersion: string, kind: string, path: string) =>
	at(
		builtInSchema(apiVersion, kind),
		path
			.split(".")
			.flatMap((key) => (key === "[]" ? ["items"] : ["properties", key])),
	);

test.each([
	["apps/v1", "Deployment", "spec.revisionHistoryLimit", 10],
	["apps/v1", "Deployment", "spec.template.spec.restartPolicy", "Always"],
	["apps/v1", "Deployment", "spec.template.spec.enableServiceLinks", true],
	[
		"apps/v1",
		"Deployment",
		"spec.template.spec.volumes.[].secret.defaultMode",
		0o644,
	],
	[
		"apps/v1",
		"Deployment",
		"spec.template.spec.containers.[].livenessProbe.periodSeconds",
		10,
	],
	// It depends on the tag.
	[
		"apps/v1",
		"Deployment",
		"spec.template.spec.containers.[].imagePullPolicy",
		undefined,
	],
	[
		"apps/v1",
		"Deployment",
		"spec.template.spec.containers.[].terminationMessagePath",
		"/dev/termination-log",
	],
	[
		"apps/v1",
		"Deployment",
		"spec.template.spec.securityContext.fsGroupChangePolicy",
		"Always",
	],
	[
		"policy/v1",
		"PodDisruptionBudget",
		"spec.unhealthyPodEvictionPolicy",
		"IfHealthyBudget",
	],
	["v1", "PersistentVolumeClaim", "spec.volumeMode", "Filesystem"],
	["batch/v1", "CronJob", "spec.concurrencyPolicy", "Allow"],
	["v1", "Service", "spec.sessionAffinity", "None"],
	["v1", "Service", "spec.ports.[].protocol", "TCP"],
	[
		"admissionregistration.k8s.io/v1",
		"ValidatingWebhookConfiguration",
		"webhooks.[].timeoutSeconds",
		10,
	],
])("the default of %s %s %s is %s", (apiVersion, kind, path, expected) => {
	expect(at(fieldOf(apiVersion, kind, path), "default")).toBe(expected);
});

test("a field that another one decides about has no default", () => {
	const path =
		"spec.template.spec.volumes.[].projected.sources.[].serviceAccountToken.expirationSeconds";
	expect(at(fieldOf("apps/v1", "Deployment", path), "default")).toBeUndefined();
});

test.each([
	["v1", "ConfigMap", true],
	["networking.k8s.io/v1", "Ingress", true],
	["policy/v1beta1", "PodSecurityPolicy", false],
	["monitoring.coreos.com/v1", "Service", false],
	["networking.example.k8s.io/v1", "Service", false],
	["v1", "Nothing", false],
])("%s %s is built in: %s", (apiVersion, kind, expected) => {
	expect(builtInSchema(apiVersion, kind) !== undefined).toBe(expected);
});
