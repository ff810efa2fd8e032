import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { findExposures } from "./alerts/exposure.ts";
import { type KubeObject, nameOf } from "./clients/kube-objects.ts";
import { getSecret, textsOf } from "./clients/secret.ts";
import { findExposed } from "./common/secrecy/exposed.ts";
import { containsSecret } from "./common/secrecy/search.ts";
import { collectEvidence } from "./harness/claims/evidence.ts";
import type { Summary } from "./harness/claims/summary.ts";
import { writeReport } from "./harness/report/report.ts";
import { waitUntilSynced } from "./secrets/external-secrets.ts";
import { test } from "./secrets/fixtures.ts";
import { findHidden, type NamedSecrets } from "./secrets/hidden-texts.ts";
import { listObjects, readAllLogs } from "./secrets/places.ts";

const dopplerToken = { namespace: "external-secrets", name: "doppler-token" };

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
		const named = { namespace, name: "doppler-canary" };
		await waitUntilSynced(kube, named);
		const texts = Object.values(textsOf(await getSecret(kube, named)));
		expect(
			texts.some((text) => containsSecret(text, [canary])),
			"the canary is in its own Secret",
		).toBe(true);
		// The only places that are meant to have it: its Secret, and what the mock of Doppler answers from.
		const homes = new Set([
			`Secret/${namespace}/${named.name}`,
			"Secret/doppler-mock/doppler-mock",
		]);
		const { objects, kinds, unavailable } = await listObjects(kube);
		const others = objects.filter((each) => !homes.has(nameOf(each)));
		expect(
			objects.length - others.length,
			"Secrets that are meant to have the canary and are not searched",
		).toBe(homes.size);
		// The same search finds names that are there, in objects and in logs.
		const logs = await readAllLogs(kube, nodes);
		expect(findExposures(logs, [named.name, "doppler-mock"])).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^log of pod doppler-mock-/),
				expect.stringMatching(/^log of node /),
			]),
		);
		expect(findInObjects(others, { its: named.name })).toContain(
			`ExternalSecret/${namespace}/${named.name}: its at metadata.name`,
		);

		const token = await getSecret(kube, dopplerToken);
		// What everybody may read. Grafana's password and Doppler's token are meant to be in Secrets.
		const open = others.filter(({ kind }) => kind !== "Secret");
		const found = [
			...findInObjects(others, { "the canary": canary }),
			...findInObjects(open, {
				"Grafana's password": environment.grafanaAdmin.password,
				"the token for Doppler": textsOf(token).dopplerToken ?? "",
			}),
			...findExposures(logs, [canary]).map((log) => `${log}: the canary`),
		];
		expect(
			found,
			"a secret from Doppler is only in the Secret that External Secrets writes, but it was found here",
		).toEqual([]);
		await annotate(
			`${objects.length} objects of ${kinds} kinds and ${logs.length} logs were searched for secrets${unavailable.length > 0 ? `; not those of ${unavailable.join(", ")}, whose server does not answer` : ""}`,
		);
	});

	test.concurrent("if the canary is exposed in the cluster, it is blanked in evidence and report", async ({
		environment,
		kube,
		namespace,
		onTestFinished,
		expect,
	}) => {
		const { canary } = environment;
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
		await collectEvidence(kube, environment.namespace, dir);
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

function findInObjects(
	objects: readonly KubeObject[],
	secrets: NamedSecrets,
): string[] {
	return objects.flatMap((each) =>
		findHidden(each, secrets).map((where) => `${nameOf(each)}: ${where}`),
	);
}

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
