import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { findMountedKey } from "./exposure.ts";

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
				],
			},
		],
		volumes: [
			{ name: "config", emptyDir: {} },
			{ name: "slack", secret: { secretName: "alertmanager-slack" } },
		],
	},
});

test("a file is followed to the Secret that it is mounted from", () => {
	const path = "/etc/alertmanager/secrets/slack/webhook-url";
	expect(findMountedKey(alertmanager, path)).toEqual({
		secretName: "alertmanager-slack",
		key: "webhook-url",
	});
});

test.each([
	"/etc/alertmanager/webhook-url",
	"/etc/alertmanager/secrets/slackish/url",
	"",
])("%j is no file from a Secret", (path) => {
	expect(findMountedKey(alertmanager, path)).toBeUndefined();
});
