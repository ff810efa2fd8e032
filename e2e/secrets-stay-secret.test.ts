import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { findExposures } from "./alerts/exposure.ts";
import { getSecret, textsOf } from "./clients/secret.ts";
import { findExposed } from "./common/secrecy/exposed.ts";
import { rememberSecret } from "./common/secrecy/redact.ts";
import { containsSecret } from "./common/secrecy/search.ts";
import { collectEvidence } from "./harness/claims/evidence.ts";
import type { Summary } from "./harness/claims/summary.ts";
import { writeReport } from "./harness/report/report.ts";
import { waitUntilSynced } from "./secrets/external-secrets.ts";
import { test } from "./secrets/fixtures.ts";
import { canarySecret, readCluster } from "./secrets/places.ts";

describe("a secret from Doppler is in its own Secret and in no log, object, report or evidence", {
	tags: ["needs-external-secrets"],
}, () => {
	test.concurrent("the canary is nowhere in the cluster except in its own Secret", async ({
		environment,
		kube,
		nodes,
		annotate,
		expect,
	}) => {
		const { canary, namespace } = environment;
		const named = { namespace, name: canarySecret };
		await waitUntilSynced(kube, named);
		const texts = Object.values(textsOf(await getSecret(kube, named)));
		expect(
			texts.some((text) => containsSecret(text, [canary])),
			"the canary is in its own Secret",
		).toBe(true);
		const places = await readCluster(kube, nodes, namespace);
		// The same search finds names that are there, in objects and in logs.
		const mentions = findExposures(places, [named.name, "doppler-mock"]);
		expect(mentions).toEqual(
			expect.arrayContaining([
				`ExternalSecret ${namespace}/${named.name}`,
				expect.stringMatching(/^log of pod doppler-mock-/),
				expect.stringMatching(/^log of node /),
			]),
		);
		expect(findExposures(places, [canary])).toEqual([]);
		await annotate(
			`${places.length} objects and logs were searched for the canary`,
		);
	});

	test.concurrent("if the canary is exposed in the cluster, it is blanked in evidence and report", async ({
		environment,
		kube,
		namespace,
		onTestFinished,
		expect,
	}) => {
		const { canary, secrets } = environment;
		// It waits for a node that does not exist: evidence shows its annotations, but nothing runs.
		await kube.apply([
			{
				apiVersion: "v1",
				kind: "Pod",
				metadata: {
					name: "careless",
					namespace,
					annotations: {
						plain: `canary=${canary}`,
						encoded: Buffer.from(canary).toString("base64"),
					},
				},
				spec: {
					nodeSelector: { "kubernetes.io/hostname": "nowhere" },
					containers: [{ name: "none", image: environment.images.node }],
				},
			},
		]);
		const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-secrecy-"));
		onTestFinished(() => rm(dir, { recursive: true }));
		await collectEvidence(kube, environment.namespace, dir, secrets);
		// The process of a run, which writes the report, knows the secrets.
		secrets.forEach(rememberSecret);
		await writeReport(dir, makeSummary(`careless with ${canary}`));

		const pods = join("resources", "Pod.yaml");
		expect(await findExposed(dir, ["careless"])).toEqual(
			expect.arrayContaining([pods, "summary.json"]),
		);
		expect(await readFile(join(dir, pods), "utf8")).toContain(
			"canary=<blanked>",
		);
		expect(await findExposed(dir, [canary])).toEqual([]);
	});
});

function makeSummary(message: string): Summary {
	return {
		verdict: "refuted",
		message,
		startedAt: new Date().toISOString(),
		seconds: 0,
		patience: 1,
		chart: null,
		imageSource: null,
		standIns: [],
		values: [],
		overrides: [],
		phases: [],
		claims: [],
		promises: [],
		warnings: [],
	};
}
