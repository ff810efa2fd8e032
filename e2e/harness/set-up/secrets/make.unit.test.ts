import { expect, test } from "vitest";
import {
	describeOwnSecret,
	isFromDoppler,
	makeOwnExternalSecret,
	makeOwnSecret,
} from "./make.ts";

const known = {
	doppler: {
		SLACK_WEBHOOK_URL: "http://slack",
		SLACK_BOT_TOKEN: "xoxb-1",
		GRAFANA_ADMIN_USER: "admin",
		GRAFANA_ADMIN_PASSWORD: "word",
	},
	objectStore: "type: S3",
};
const mixed = {
	name: "all",
	keys: { hook: "SLACK_WEBHOOK_URL", jobs: "list", other: "unknown" },
} as const;

test("it is made with what is known", () => {
	expect(makeOwnSecret(mixed, "monitoring", known)).toMatchObject({
		metadata: { name: "all", namespace: "monitoring" },
		stringData: {
			hook: "http://slack",
			jobs: "[]",
			other: expect.stringMatching(/^[0-9a-f]{16}$/),
		},
	});
	expect(
		makeOwnSecret({ name: "b", keys: { c: "object store" } }, "m", known),
	).toMatchObject({ stringData: { c: "type: S3" } });
});

test("External Secrets writes what is in Doppler, and the manifest does not have it", () => {
	const made = makeOwnExternalSecret(mixed, "monitoring", known);
	expect(made).toMatchObject({
		kind: "ExternalSecret",
		spec: {
			data: [{ secretKey: "hook", remoteRef: { key: "SLACK_WEBHOOK_URL" } }],
			target: { template: { mergePolicy: "Merge", data: { jobs: "[]" } } },
		},
	});
	expect(JSON.stringify(made)).not.toContain("http://slack");
	expect(isFromDoppler(mixed)).toBe(true);
	expect(isFromDoppler({ name: "b", keys: { c: "object store" } })).toBe(false);
});

test("the report says what stands in", () => {
	expect(describeOwnSecret(mixed)).toBe(
		"Secret all, which the values refer to: the test makes it, with the webhook of Slack's mock as hook, an empty list as jobs, something random as other",
	);
});
