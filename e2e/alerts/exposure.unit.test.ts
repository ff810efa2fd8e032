import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { findExposures, findMountedKey } from "./exposure.ts";

const alertmanager = pod.parse({
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "alertmanager-0", namespace: "monitoring" },
	spec: {
		containers: [
			{
				name: "alertmanager",
				volumeMounts: [
					{ name: "config", mountPath: "/etc/alertmanager" },
					{ name: "slack", mountPath: "/etc/alertmanager/secrets/slack/" },
					{ name: "slack", mountPath: "/etc/url", subPath: "webhook-url" },
				],
			},
		],
		volumes: [
			{ name: "config", emptyDir: {} },
			{ name: "slack", secret: { secretName: "alertmanager-slack" } },
		],
	},
});

test.each(["/etc/alertmanager/secrets/slack/webhook-url", "/etc/url"])(
	"%s is traced to the Secret that it is mounted from",
	(path) => {
		expect(findMountedKey(alertmanager, path)).toEqual({
			name: "alertmanager-slack",
			key: "webhook-url",
		});
	},
);

test.each([
	"/etc/alertmanager/webhook-url",
	"/etc/alertmanager/secrets/slackish/url",
	"/etc/url/webhook-url",
	"",
])("%j is not a file from a Secret", (path) => {
	expect(findMountedKey(alertmanager, path)).toBeUndefined();
});

test("places are named, but their contents are not", () => {
	const places = [
		{ name: "log of pod p, container c", content: "posting to http://t0k3n" },
		{ name: "Secret s, k", content: Buffer.from("a t0k3n").toString("base64") },
		{ name: "pod p", content: "nothing" },
	];
	expect(findExposures(places, ["t0k3n"])).toEqual([
		"log of pod p, container c",
		"Secret s, k",
	]);
});
