import { randomBytes } from "node:crypto";
import { test as base, chai, inject, type RunnerTestCase } from "vitest";
import { AlertmanagerClient } from "./clients/alertmanager.ts";
import {
	type RequestCounts,
	requestsSoFar,
} from "./clients/api-server/request-counts.ts";
import { isLoginOff } from "./clients/grafana/login.ts";
import { GrafanaClient } from "./clients/grafana.ts";
import { KubeClient } from "./clients/kubernetes.ts";
import { PrometheusClient } from "./clients/prometheus.ts";
import { SlackClient } from "./clients/slack.ts";
import { claimIdOf } from "./common/claim-id.ts";
import { ClockWatch } from "./common/clock/clock-watch.ts";
import { setClusterClock } from "./common/clock/cluster-clock.ts";
import type { Environment } from "./common/environment.ts";
import { EnvironmentError } from "./common/errors.ts";
import { endOngoingFaults, lookBeforeMending } from "./common/fault.ts";
import { labels } from "./common/labels.ts";
import { rememberedSecrets, rememberSecret } from "./common/secrecy/redact.ts";
import { tidyUp } from "./common/tidy-up.ts";
import { whyEnvironmentFailed } from "./harness/claims/cluster-health.ts";
import { collectEvidence, evidenceDir } from "./harness/claims/evidence.ts";
import { demandTaken } from "./harness/claims/refused.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Where the claims are tested; set-up provides it. */
		environment: Environment;
		/** What the claims' processes must blank, too. */
		secrets: string[];
		/** The source of images, as in --images; integration tests use it. */
		imageSource: string;
	}
	interface TaskMeta {
		/** Set on a test that failed, or whose times are unreliable. Only if it is `healthy` is the stack to blame. */
		testEnvironment?: "healthy" | "failed";
		/** What failed in the test environment. */
		reason?: string;
		/** Secrets that the test has read: the process that writes the report must blank them, too. */
		secrets?: string[];
		/** What the test's file had asked for when the test ended. */
		requests?: RequestCounts;
	}
}

inject("secrets").forEach(rememberSecret);
// A secret that is cut would not be recognised. Messages are cut when they are clean: see claim-reporter.ts.
chai.config.truncateThreshold = 0;

/** What the names of everything that this run's tests plant begin with. */
export function uniqueNamePrefix({
	runId,
}: Pick<Environment, "runId">): string {
	return `e2e-${runId}-`;
}

/** A name for what a test plants: new for each call, even on a kept cluster. */
export function makeUniqueName(environment: Environment): string {
	return `${uniqueNamePrefix(environment)}${randomBytes(3).toString("hex")}`;
}

/** The claims' `test`: a test's parameters name the fixtures that it needs. */
export const test = base
	.extend("environment", { scope: "file" }, () => {
		const environment = inject("environment");
		setClusterClock(environment.clockAhead);
		return environment;
	})
	.extend("kube", { scope: "file" }, ({ environment }, { onCleanup }) => {
		const kube = KubeClient.fromKubeconfig(environment.kubeconfig);
		onCleanup(() => kube.close());
		return kube;
	})
	.extend("prometheus", { scope: "file" }, ({ kube, environment }) => {
		demandTaken(environment, "Prometheus");
		return PrometheusClient.firstInNamespace(kube, environment.namespace);
	})
	.extend("alertmanager", { scope: "file" }, ({ kube, environment }) => {
		demandTaken(environment, "Alertmanager");
		return AlertmanagerClient.inNamespace(kube, environment.namespace);
	})
	.extend("slack", { scope: "file" }, ({ kube }) => SlackClient.inCluster(kube))
	.extend("grafana", { scope: "file" }, async ({ kube, environment }) => {
		const { namespace, grafanaAdmin } = environment;
		const anonymous = await GrafanaClient.inNamespace(kube, namespace);
		return anonymous.logIn(grafanaAdmin).catch((cause: unknown) => {
			if (!isLoginOff(cause)) throw cause;
			throw new EnvironmentError(
				"Grafana lets nobody log in with a password (auth.disable_login_form), and the test has no other way: the API server's proxy keeps basic authentication for itself",
				{ cause },
			);
		});
	})
	.extend("bucket", { scope: "file" }, async ({ environment }) => {
		// Each claim loads what it imports. Most need no client of S3 or Docker, which take longest.
		const { BucketClient } = await import("./clients/bucket.ts");
		return new BucketClient(environment.objectStore);
	})
	.extend("tools", { scope: "file" }, async ({ environment }) => {
		const { Tools } = await import("./harness/cluster/tools.ts");
		return Tools.connect(environment);
	})
	.extend("nodes", { scope: "file" }, async ({ environment }) => {
		const { Nodes } = await import("./harness/cluster/nodes.ts");
		return Nodes.connect(environment);
	})
	.extend("namespace", async ({ kube, environment }, { onCleanup }) => {
		const name = makeUniqueName(environment);
		await kube.createNamespace(name, { [labels.run]: environment.runId });
		onCleanup(
			tidyUp(`deletion of namespace ${name}`, () => kube.deleteNamespace(name)),
		);
		return name;
	});

/** From the file's first line on, so that what its fixtures do is watched, too. */
const clocks = new ClockWatch();
let collecting: Promise<void> | undefined;
/** What was seen of the test environment while a fault was still there that failed its test. */
let seenInFault: { readonly reason: string | undefined } | undefined;

test.beforeEach(({ kube, environment, task }) => {
	seenInFault = undefined;
	lookBeforeMending(async () => {
		seenInFault = {
			reason: await whyEnvironmentFailed(kube, environment, []),
		};
		await collectEvidenceOnce(kube, environment, task.file.filepath);
	});
});

test.afterAll(() => endOngoingFaults());

// Before the fixtures are cleaned up, because what a test has planted is part of its evidence.
test.afterEach(async ({ kube, environment, task }) => {
	try {
		await judgeEnvironment(kube, environment, task);
	} finally {
		task.meta.secrets = rememberedSecrets();
		task.meta.requests = requestsSoFar();
	}
});

/** Notes whether the test environment failed, and collects the evidence of a test that did. */
async function judgeEnvironment(
	kube: KubeClient,
	environment: Environment,
	task: Readonly<RunnerTestCase>,
): Promise<void> {
	const asleep = clocks.findFlaw();
	if (asleep)
		Object.assign(task.meta, { testEnvironment: "failed", reason: asleep });
	if (task.result?.state !== "fail") return;
	const errors = task.result.errors ?? [];
	const reason =
		asleep ??
		seenInFault?.reason ??
		(await whyEnvironmentFailed(kube, environment, errors));
	Object.assign(
		task.meta,
		reason
			? { testEnvironment: "failed", reason }
			: { testEnvironment: "healthy" },
	);
	await collectEvidenceOnce(kube, environment, task.file.filepath);
}

/** The tests of a file share its evidence, which is collected at the first failure. */
function collectEvidenceOnce(
	kube: KubeClient,
	environment: Environment,
	file: string,
): Promise<void> {
	const dir = evidenceDir(environment, claimIdOf(file));
	collecting ??= collectEvidence(kube, environment.namespace, dir);
	return collecting;
}
