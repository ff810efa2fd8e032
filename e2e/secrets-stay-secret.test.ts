import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { findExposures } from "./alerts/exposure.ts";
import { nameOf } from "./clients/kube-objects.ts";
import { getSecret, textsOf } from "./clients/secret.ts";
import { findExposed } from "./common/secrecy/exposed.ts";
import { containsSecret } from "./common/secrecy/search.ts";
import { collectEvidence } from "./harness/claims/evidence.ts";
import { makeSummary } from "./harness/report/made-summary.ts";
import { writeReport } from "./harness/report/report.ts";
import { waitUntilSynced } from "./secrets/external-secrets.ts";
import { test } from "./secrets/fixtures.ts";
import { findInObjects, findStrays, listKeptSecrets } from "./secrets/homes.ts";
import { listObjects, readAllLogs } from "./secrets/places.ts";

/** Where External Secrets reads the token for Doppler from. */
const ofToken = { namespace: "external-secrets", name: "doppler-token" };

describe("a secret from Doppler is in its own Secret and in no log, object, report or evidence", {
	tags: ["needs-external-secrets"],
}, () => {
	test.concurrent("each secret from Doppler is nowhere in the cluster except in the Secrets that are meant to have it", async ({
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
		const token = textsOf(await getSecret(kube, ofToken)).dopplerToken ?? "";
		const { objects, kinds, unavailable } = await listObjects(kube);
		const secrets = listKeptSecrets(
			{ ...environment, dopplerToken: token },
			objects,
			namespace,
		);
		// The same search finds each secret where it is meant to be, and names that are there, in objects and in logs.
		for (const each of secrets)
			expect(
				findInObjects(
					objects.filter((object) => each.homes.has(nameOf(object))),
					[each],
				),
				`the Secrets that are meant to have ${each.what} and do`,
			).not.toEqual([]);
		const logs = await readAllLogs(kube, nodes);
		expect(findExposures(logs, [named.name, "doppler-mock"])).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^log of pod doppler-mock-/),
				expect.stringMatching(/^log of node /),
			]),
		);
		expect(
			findInObjects(objects, [{ what: "its", needles: [named.name] }]),
		).toContain(
			`ExternalSecret/${namespace}/${named.name}: its at metadata.name`,
		);

		expect(
			findStrays(secrets, objects, logs),
			"a secret from Doppler is only in the Secret that External Secrets writes, but it was found here",
		).toEqual([]);
		await annotate(
			`${objects.length} objects of ${kinds} kinds and ${logs.length} logs were searched for ${secrets.length} secrets${unavailable.length > 0 ? `; not those of ${unavailable.join(", ")}, whose server does not answer` : ""}`,
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
		await writeReport(
			dir,
			makeSummary({
				verdict: "refuted",
				message: `careless with ${canary}`,
			}),
		);

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
