import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { findExposures } from "./alerts/exposure.ts";
import { findExposed } from "./common/secrecy/exposed.ts";
import { rememberSecret } from "./common/secrecy/redact.ts";
import { holds } from "./common/secrecy/search.ts";
import { collectEvidence } from "./harness/claims/evidence.ts";
import type { Summary } from "./harness/claims/summary.ts";
import { writeReport } from "./harness/report/report.ts";
import {
	getSecret,
	textsOf,
	waitUntilSynced,
} from "./secrets/external-secrets.ts";
import { test } from "./secrets/fixtures.ts";
import { canarySecret, readCluster } from "./secrets/places.ts";

describe("a secret from Doppler stands in its own Secret and in no log, object, report or evidence", {
	tags: ["needs-external-secrets"],
}, () => {
	test.concurrent("the canary stands nowhere in the cluster but in its own Secret", async ({
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
			texts.some((text) => holds(text, [canary])),
			"the canary is in its own Secret",
		).toBe(true);
		const places = await readCluster(kube, nodes, namespace);
		// The same search finds the canary's Secret by its name, in objects and in a log.
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
			`the canary was looked for in ${places.length} objects and logs`,
		);
	});

	test.concurrent("where the canary does stand in the open, evidence and report are blanked", async ({
		environment,
		kube,
		namespace,
		onTestFinished,
		expect,
	}) => {
		const { canary, secrets } = environment;
		// It waits for a node that is not there: evidence shows its annotations, and nothing runs.
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
		// A report is written by the process of the run, which knows them.
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
