import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { makeHelmSurroundings } from "./helm-surroundings.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-helm-"));
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
	vi.stubEnv("DOCKER_CONFIG", dir);
});

const auth = Buffer.from("me:pass:word").toString("base64");
const hub = "https://index.docker.io/v1/";

test.each([
	["registry-1.docker.io", hub, hub],
	["docker.io", hub, hub],
	["ghcr.io", "https://ghcr.io", "ghcr.io"],
	["localhost:5000", "localhost:5000", "localhost:5000"],
])("Helm finds the login for a chart of %s", async (host, stored, asked) => {
	const config = { auths: { [stored]: { auth } } };
	writeFileSync(join(dir, "config.json"), JSON.stringify(config));
	const ref = `oci://${host}/bitnamicharts/kube-prometheus`;
	const { files, env } = await makeHelmSurroundings(ref);
	expect(env.HELM_REGISTRY_CONFIG).toBe("/work/registry.json");
	expect(JSON.parse(`${files["registry.json"]}`)).toEqual({
		auths: { [asked]: { auth } },
	});
});

test("a repository of another kind gets no login to a registry", async () => {
	const { files } = await makeHelmSurroundings("https://charts.example.org");
	expect(files["registry.json"]).toBeUndefined();
});
