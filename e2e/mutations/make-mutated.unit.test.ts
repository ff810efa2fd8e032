import { readFile } from "node:fs/promises";
import { memoize } from "es-toolkit";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseManifests } from "../clients/api-server/manifests.ts";
import { projectPath } from "../common/paths.ts";
import { readMutations } from "./catalogue.ts";
import { changeManifests, makeMutated, replaceText } from "./make-mutated.ts";

const objstore = `type: S3
config:
  bucket: thanos
  endpoint: minio.minio.svc:9000
  insecure: true
  access_key: thanos
  secret_key: s3cr3t
`;
const context = {
	namespace: "monitoring",
	slackWebhookUrl: "http://slack-mock.slack-mock.svc/services/T/B/t0k3n\n",
	canary: "canary-7f3a",
	readSecret: async () => objstore,
};

async function makeById(id: string) {
	const mutations = await readMutations();
	const found = mutations.find((each) => each.id === id);
	if (!found) throw new Error(`no mutation ${id}`);
	return makeMutated(found, context);
}

test.each([
	["missing-bucket", { bucket: "not-the-bucket" }],
	["invalid-secret-key", { secret_key: "no-longer-valid" }],
])("%s changes nothing else", async (id, change) => {
	const { objects } = await makeById(id);
	expect(objects).toHaveLength(1);
	const [secret] = objects;
	expect(secret?.metadata.namespace).toBe("monitoring");
	const { "objstore.yml": text } = Object(secret?.stringData);
	const original = parse(objstore);
	expect(parse(text)).toEqual({
		...original,
		config: { ...original.config, ...change },
	});
});

test("the webhook's address is filled in", async () => {
	const { objects, values } = await makeById("webhook-in-the-configuration");
	const { "alertmanager.yaml": text } = Object(objects[0]?.stringData);
	expect(parse(text).receivers[1].slack_configs[0].api_url).toBe(
		"http://slack-mock.slack-mock.svc/services/T/B/t0k3n",
	);
	expect(JSON.stringify(values)).not.toContain("t0k3n");
});

test("every mutation can be made", async () => {
	const all = [...(await readMutations()), ...(await readMutations("faults"))];
	const readAddon = memoize(async (name: string) => {
		const path = projectPath("stack", "addons", `${name}.yaml`);
		const text = await readFile(path, "utf8");
		return { text, manifests: parseManifests(text) };
	});
	for (const mutation of all) {
		const { objects } = await makeMutated(mutation, context);
		for (const { metadata } of objects)
			expect(metadata.namespace, mutation.id).toBeDefined();
		for (const addon of mutation.addons) {
			const { text, manifests } = await readAddon(addon.name);
			const changed = changeManifests(addon, text);
			expect(parseManifests(changed), mutation.id).not.toEqual(manifests);
		}
	}
});

test("a text with nothing to replace is refused and not quoted", () => {
	const replace = () =>
		replaceText("Secret a", objstore, { replace: "^region:", with: "x" });
	expect(replace).toThrow("Secret a holds no /^region:/m");
	expect(replace).not.toThrow("s3cr3t");
});
