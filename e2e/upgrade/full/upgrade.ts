import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AlertmanagerClient } from "../../clients/alertmanager.ts";
import { KubeError } from "../../clients/kubernetes.ts";
import { PrometheusClient } from "../../clients/prometheus.ts";
import { SlackClient } from "../../clients/slack.ts";
import { BadInputError, messageOf, SetUpError } from "../../common/errors.ts";
import { NeverSeenError } from "../../common/eventually.ts";
import type { Progress } from "../../common/progress.ts";
import { testClaims } from "../../harness/claims/claims.ts";
import { whyEnvironmentFailed } from "../../harness/claims/cluster-health.ts";
import { collectEvidence, evidenceDir } from "../../harness/claims/evidence.ts";
import type { ClaimResult } from "../../harness/claims/summary.ts";
import { waitUntilSettled } from "../../harness/readiness/settle.ts";
import { waitForStack } from "../../harness/readiness/stack.ts";
import type { ChartMaterials } from "../../harness/set-up/materials.ts";
import type { FreshEnvironment } from "../../harness/set-up/set-up.ts";
import { type StartedLedger, startLedger } from "../../ledger/writer.ts";
import type { UpgradeOptions } from "../options.ts";
import {
	makeReason,
	type Reason,
	type ReasonId,
	reasonsOf,
} from "../reasons.ts";
import type { Timeline } from "../report/contents.ts";
import { reachesSlack, takesRemoteWrites } from "./abilities.ts";
import { isAnnounced, lossOfTargets, monitorOf } from "./claims/announced.ts";
import { checkUpgradeClaims } from "./claims/check.ts";
import { findLostClaims } from "./claims/lost.ts";
import { checkLedger, readScraped } from "./claims/samples.ts";
import { waitUntilLoaded, whatIsSeen } from "./grafana.ts";
import { findNewRefusals, findRefusals } from "./logs.ts";
import { makePlantedRule, waitUntilTold } from "./planted-alert.ts";
import { readState, type Stack, type State } from "./state.ts";
import { readTimeline, type Stage } from "./timeline.ts";
import { unlessSeen, waitUntilComplete, waitUntilScraped } from "./waits.ts";
import { startWatch } from "./watchdog.ts";

/** What an upgrade showed. */
export interface UpgradeResult {
	readonly reasons: readonly Reason[];
	readonly claims: readonly ClaimResult[];
	/** Undefined where Prometheus does not answer at the end. */
	readonly timeline: Timeline | undefined;
}

/** What is part of an upgrade, and what is left out. */
type Extent = Pick<UpgradeOptions, "skipCrds" | "only">;

/** An upgrade in a cluster that has the first chart installed. */
export class Upgrade {
	readonly #started: FreshEnvironment;
	readonly #charts: {
		readonly from: ChartMaterials;
		readonly to: ChartMaterials;
	};
	readonly #extent: Extent;
	readonly #announced: readonly Reason[];
	readonly #reportDir: string;
	readonly #progress: Progress;
	readonly #stack: Stack;
	readonly #stages: Stage[] = [];

	constructor(
		started: FreshEnvironment,
		charts: { from: ChartMaterials; to: ChartMaterials },
		extent: Extent,
		{
			announced,
			reportDir,
			progress,
		}: {
			announced: readonly Reason[];
			reportDir: string;
			progress: Progress;
		},
	) {
		this.#started = started;
		this.#charts = charts;
		this.#extent = extent;
		this.#announced = announced;
		this.#reportDir = reportDir;
		this.#progress = progress;
		const { kube } = started.cluster;
		const { namespace } = started.environment;
		this.#stack = {
			kube,
			namespace,
			prometheus: PrometheusClient.inNamespace(kube, namespace),
			alertmanager: AlertmanagerClient.inNamespace(kube, namespace),
		};
	}

	async go(): Promise<UpgradeResult> {
		const stack = this.#stack;
		const { from: first, to: second } = this.#charts;
		// Charts look up what is in the cluster, and at home they found it: going back to a first installation is another
		// thing, and may not even be possible.
		await this.#stage("helm upgrade in place", async () => {
			await first.helm.install(this.#started.cluster.internalKubeconfig);
			await waitForStack(stack.kube, stack.namespace);
		});
		const proven = await this.#prove("before", first);
		const watch = startWatch(stack.alertmanager);
		const ledger = takesRemoteWrites(first) ? this.#startLedger() : undefined;
		const planting = reachesSlack(first) ? this.#plant() : undefined;
		try {
			const planted = await this.#stage("writers and watchers", async () => {
				// A first chart that never gets there is compared as it is.
				await waitUntilComplete(stack).catch(unlessSeen);
				const told = await planting?.told().catch(unlessSeen);
				if (planting && !told)
					this.#progress.say(
						"a planted critical alert does not reach Slack with these values: second messages are not counted",
					);
				return told;
			});
			const before = await readState(stack);
			const { kube, namespace } = stack;
			const refusedBefore = await findRefusals(kube, namespace, 0);
			const from = Date.now();
			const scrapedBefore = await readScraped(stack, from);
			const revision = await first.helm.revision(
				this.#started.cluster.internalKubeconfig,
			);
			const broken = await this.#upgrade();
			await this.#stage("everything scraped again", () =>
				waitUntilScraped(stack, this.#kept(before), Date.now()).catch(
					unlessSeen,
				),
			);
			const window = { from, to: Date.now() };
			const found = await this.#unlessAway(broken, async () =>
				checkUpgradeClaims({
					stack,
					slack: SlackClient.inCluster(stack.kube),
					installed: second.manifests,
					announced: this.#announced,
					before,
					refusedBefore,
					after: await this.#readAfter(before),
					window,
					ledger,
					scrapedBefore,
					seenAtAlertmanager: watch.times,
					planted,
				}),
			);
			const provenAfter = await this.#prove("after", second);
			const refused =
				(await this.#unlessAway(broken, () =>
					this.#refusedSince(from, refusedBefore, found?.reasons ?? []),
				)) ?? [];
			const way = await this.#goBack(revision);
			const provenBack = way.length > 0 ? [] : await this.#prove("back", first);
			const lostOnTheWay =
				ledger && way.length === 0
					? await this.#unlessAway(way, () => checkLedger(stack, ledger))
					: undefined;
			const timeline = await this.#unlessAway(way, () =>
				readTimeline(stack, { from, to: Date.now() }, this.#stages, {
					seenAtAlertmanager: watch.times,
					ledger: ledger?.history,
				}),
			);
			return {
				reasons: [
					...broken,
					...(found?.reasons ?? []),
					...findLostClaims(proven, provenAfter, "claim-lost"),
					...refused,
					...way,
					...findLostClaims(proven, provenBack, "rollback-claim-lost"),
					...reasonsOf("samples-lost", "rollback", lostOnTheWay?.flaws ?? []),
				],
				claims: [
					...proven,
					...(found?.claims ?? []),
					...provenAfter,
					...provenBack,
				],
				timeline,
			};
		} catch (error) {
			if (!(error instanceof SetUpError)) await this.#checkEnvironment(error);
			throw error;
		} finally {
			await Promise.all([ledger?.stop(), watch.stop(), planting?.remove()]);
		}
	}

	#startLedger(): StartedLedger {
		return startLedger(this.#stack.prometheus, {
			name: "o11y_e2e_upgrade_ledger",
			labels: { run: randomBytes(4).toString("hex") },
		});
	}

	/** The state once Grafana's sidecar has had the time to bring its dashboards. */
	async #readAfter({ grafana }: State): Promise<State> {
		const { kube, namespace } = this.#stack;
		const titles = whatIsSeen(grafana)?.dashboards;
		if (titles) await waitUntilLoaded(kube, namespace, titles);
		return readState(this.#stack);
	}

	/** An alert that fires from now on. */
	#plant() {
		const { kube, namespace } = this.#stack;
		const slack = SlackClient.inCluster(kube);
		const name = `Planted${randomBytes(4).toString("hex")}`;
		const { release } = this.#charts.from.helm;
		const rule = makePlantedRule(namespace, name, release.name);
		return {
			told: async () => {
				await kube.apply([rule]);
				return { name, told: await waitUntilTold(slack, name) };
			},
			// It says nothing of the upgrade whether the test can tidy up.
			remove: () => kube.delete([rule]).catch(() => undefined),
		};
	}

	/**
	 * Asks the stack after it was changed. Where it does not answer although the test environment is healthy, that is a reason of
	 * the verdict, unless one is known already.
	 *
	 * @throws SetUpError where the test environment failed
	 */
	async #unlessAway<T>(
		reasons: Reason[],
		action: () => Promise<T>,
	): Promise<T | undefined> {
		try {
			return await action();
		} catch (error) {
			if (!(error instanceof KubeError)) throw error;
			await this.#checkEnvironment(error);
			if (reasons.length === 0)
				reasons.push(makeReason("rollout-fails", "stack", messageOf(error)));
			return undefined;
		}
	}

	async #checkEnvironment(error: unknown): Promise<void> {
		const { environment } = this.#started;
		const lost = await whyEnvironmentFailed(this.#stack.kube, environment, [
			error,
		]);
		if (lost) throw new SetUpError(lost, { cause: error });
	}

	/** The scrape pools of before that nothing announces to go, with their targets. */
	#kept({ targets }: State): [pool: string, count: number][] {
		return [...targets].filter(
			([pool]) => !isAnnounced(this.#announced, lossOfTargets, monitorOf(pool)),
		);
	}

	/**
	 * What logs say after the claims: a lost permission shows only when a component starts anew, for it may go on with
	 * what it watched before, and a claim kills Prometheus.
	 */
	async #refusedSince(
		from: number,
		before: readonly string[],
		known: readonly Reason[],
	): Promise<Reason[]> {
		if (known.some(({ id }) => id === "field-refused")) return [];
		const { kube, namespace } = this.#stack;
		const lines = findNewRefusals(
			await findRefusals(kube, namespace, from),
			before,
		);
		return reasonsOf("field-refused", "claims after", lines);
	}

	/** Runs a part of the upgrade that the timeline shows. */
	#stage<T>(name: string, action: () => Promise<T>): Promise<T> {
		const from = Date.now();
		return this.#progress.phase(name, action).finally(() => {
			this.#stages.push({ name, from, to: Date.now() });
		});
	}

	/** Tests the claims. Their ids bear the stage. @throws SetUpError where the test environment fails before anything is upgraded */
	async #prove(
		stage: string,
		installed: ChartMaterials,
	): Promise<ClaimResult[]> {
		const environment = this.#started.environmentOf(installed);
		const reportDir = join(this.#reportDir, stage);
		const results = await this.#stage(`claims ${stage}`, () =>
			testClaims(
				{ ...environment, reportDir },
				this.#extent.only,
				this.#progress,
			),
		);
		const gone = results.find(({ status }) => status === "inconclusive");
		if (gone && stage === "before")
			throw new SetUpError(`${gone.id} is inconclusive: ${gone.message}`);
		return results.map((each) => ({ ...each, id: `${stage}/${each.id}` }));
	}

	/** CRDs first, as the chart's guide says. */
	async #upgrade(): Promise<Reason[]> {
		const { cluster } = this.#started;
		const target = this.#charts.to;
		const refused = await this.#attempt(
			"upgrade-fails",
			"helm upgrade",
			async () => {
				if (!this.#extent.skipCrds)
					await this.#stage("CRDs", () => this.#stack.kube.apply(target.crds));
				await this.#stage("helm upgrade", () =>
					target.helm.install(cluster.internalKubeconfig),
				);
			},
		);
		if (refused.length > 0) return refused;
		return this.#attempt("rollout-fails", "rollout", () =>
			this.#stage("rollout", () => this.#rollOut()),
		);
	}

	#goBack(revision: number): Promise<Reason[]> {
		const config = this.#started.cluster.internalKubeconfig;
		const { helm } = this.#charts.from;
		const what = "helm rollback";
		return this.#attempt("rollback-fails", what, () =>
			this.#stage(what, async () => {
				// Where the upgrade was refused outright there is nothing to go back from.
				if ((await helm.revision(config)) !== revision)
					await helm.rollback(config, revision);
				await this.#rollOut();
			}),
		);
	}

	/** The operator first, for it makes the rest. */
	async #rollOut(): Promise<void> {
		const { kube, namespace } = this.#stack;
		await waitForStack(kube, namespace);
		await waitUntilSettled(kube, namespace);
	}

	/**
	 * Does a part of the upgrade.
	 *
	 * @returns the reason that it is where it fails, with its evidence collected
	 * @throws SetUpError where the test environment failed
	 */
	async #attempt(
		reason: ReasonId,
		what: string,
		action: () => Promise<void>,
	): Promise<Reason[]> {
		try {
			await action();
			return [];
		} catch (error) {
			if (!isTrouble(error)) throw error;
			await this.#checkEnvironment(error);
			await this.#collect(what.replaceAll(" ", "-"));
			return [makeReason(reason, what, messageOf(error))];
		}
	}

	#collect(what: string): Promise<void> {
		const { kube, namespace } = this.#stack;
		const dir = evidenceDir({ reportDir: this.#reportDir }, what);
		return collectEvidence(
			kube,
			namespace,
			dir,
			this.#started.environment.secrets,
		);
	}
}

/** Whether it is Helm, the cluster or the stack that says so. */
function isTrouble(error: unknown): boolean {
	return [BadInputError, SetUpError, KubeError, NeverSeenError].some(
		(kind) => error instanceof kind,
	);
}
