import { expect, test } from "vitest";
import { pod } from "./kube-objects.ts";
import { findMountedSecret } from "./mounted-secret.ts";

const made = pod.parse({
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "alertmanager-0" },
	spec: {
		containers: [
			{
				name: "alertmanager",
				volumeMounts: [
					{ name: "config", mountPath: "/etc/alertmanager" },
					{ name: "slack", mountPath: "/etc/alertmanager/secrets/slack/" },
					{ name: "slack", mountPath: "/etc/url", subPath: "webhook-url" },
					{ name: "renamed", mountPath: "/etc/renamed" },
					{ name: "many", mountPath: "/etc/many" },
					{ name: "data", mountPath: "/data" },
				],
			},
		],
		volumes: [
			{ name: "config", secret: { secretName: "generated" } },
			{ name: "slack", secret: { secretName: "slack" } },
			{
				name: "renamed",
				secret: { secretName: "s", items: [{ key: "url", path: "in/hook" }] },
			},
			{
				name: "many",
				projected: {
					sources: [
						{ serviceAccountToken: {} },
						{ secret: { name: "p", items: [{ key: "url", path: "hook" }] } },
					],
				},
			},
			{ name: "data", emptyDir: {} },
		],
	},
});
const [container] = made.spec.containers;

test.each([
	["/etc/alertmanager/secrets/slack/webhook-url", "slack", "webhook-url"],
	["/etc/alertmanager/alertmanager.yaml", "generated", "alertmanager.yaml"],
	["/etc/url", "slack", "webhook-url"],
	["/etc/renamed/in/hook", "s", "url"],
	["/etc/many/hook", "p", "url"],
])("%s is key %3$s of Secret %2$s", (path, name, key) => {
	expect(container && findMountedSecret(made, container, path)).toEqual({
		name,
		key,
	});
});

test.each(["/data/url", "/etc/renamed/url", "/etc/many/token", "/etc/urls"])(
	"%s is not from a Secret",
	(path) => {
		expect(
			container && findMountedSecret(made, container, path),
		).toBeUndefined();
	},
);
