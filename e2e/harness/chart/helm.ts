import { basename } from "node:path";
import type { StartedTestContainer } from "testcontainers";
import { parse } from "yaml";
import { z } from "zod";
import { rememberRenderedSecrets } from "../../common/secrecy/in-values.ts";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";
import { type HelmCall, helmFailure } from "./helm-error.ts";
import { type Layer, makeShortWaits, makeValuesFlags } from "./layers.ts";
import type { LocatedChart } from "./locate.ts";
import type { ValuesFile } from "./values-file.ts";

/** A chart's Chart.yaml. */
export const chartMetadata = z.looseObject({
	name: z.string(),
	version: z.string(),
	appVersion: z.string().default(""),
	/** The constraint on Kubernetes' version; empty if there is none. */
	kubeVersion: z.string().default(""),
});
export type ChartMetadata = z.infer<typeof chartMetadata>;

/** How messages name a chart. */
export interface ChartDescription {
	/** e.g. "the old chart"; "the chart" by default. */
	readonly role?: string | undefined;
	/** The names of its values files, if we give them to Helm as layers. */
	readonly values?: readonly string[];
}

export interface Release {
	readonly name: string;
	readonly namespace: string;
}

export interface RenderOptions {
	/** e.g. 1.33.0 */
	readonly kubeVersion: string;
	/** YAML, layered over all values but the test's overrides. */
	readonly furtherValues?: string;
	/** Without the test's own values: what the homelab would install. */
	readonly asWritten?: boolean;
	/** Further flags of `helm template`. */
	readonly flags?: readonly string[];
}

/** Helm in a container. */
export class StartedHelm {
	readonly #container: StartedTestContainer;
	#files = 0;

	private constructor(container: StartedTestContainer) {
		this.#container = container;
	}

	/** @param network `none` if it only renders */
	static async start(
		run: Run,
		image: string,
		network: string,
	): Promise<StartedHelm> {
		const container = new RunContainer(image, run.labels)
			.withName(nameInRun(run.id, `helm-on-${network}`))
			.withNetworkMode(network)
			.withEntrypoint(["sleep"])
			.withCommand(["infinity"]);
		return new StartedHelm(await startContainer("Helm's container", container));
	}

	/**
	 * Loads a chart with its values, so that it can be rendered and installed.
	 *
	 * @param values layered in this order, the last one wins; overrides for the test after all others
	 */
	async load(
		chart: LocatedChart,
		values: readonly ValuesFile[],
		release: Release,
		about: ChartDescription = {},
	): Promise<LoadedChart> {
		const target = `/o11y-e2e/${this.#files++}-chart${chart.isFolder ? "" : ".tgz"}`;
		await (chart.isFolder
			? this.#container.copyDirectoriesToContainer([
					{ source: chart.path, target },
				])
			: this.#container.copyFilesToContainer([{ source: chart.path, target }]));
		const layers: Layer[] = [];
		for (const { name, content, forTest } of values) {
			const file = await this.put(basename(name), content);
			layers.push({ path: file, content, forTest });
		}
		return new LoadedChart(this, release, {
			path: target,
			layers,
			chart: `${about.role ?? "the chart"} (${chart.source})`,
			values: about.values ?? values.map(({ name }) => name),
		});
	}

	/** Puts a file into the container and returns its path there. */
	async put(name: string, content: string, mode = 0o644): Promise<string> {
		const target = `/o11y-e2e/${this.#files++}-${name}`;
		await this.#container.copyContentToContainer([{ content, target, mode }]);
		return target;
	}

	/**
	 * Runs Helm and returns what it printed.
	 *
	 * @param about the chart and values files that the call is about, for messages
	 * @throws BadInputError or SetUpError with Helm's own message, and a HelmError as cause
	 */
	async run(
		args: readonly string[],
		about: Omit<HelmCall, "args"> = {},
	): Promise<string> {
		const result = await this.#container.exec(["helm", ...args]);
		if (result.exitCode === 0) return result.stdout;
		throw helmFailure({ args, ...about }, result);
	}
}

/** A chart and its values in Helm's container. */
interface ChartInContainer {
	/** The path in the container. */
	readonly path: string;
	/** Values files, in their order. */
	readonly layers: readonly Layer[];
	/** As messages name the chart and its values files. */
	readonly chart: string;
	readonly values: readonly string[];
}

/** A chart and its values that Helm has loaded. */
export class LoadedChart {
	/** The Helm that has loaded it. */
	readonly home: StartedHelm;
	readonly release: Release;
	readonly #chart: ChartInContainer;

	constructor(home: StartedHelm, release: Release, chart: ChartInContainer) {
		this.home = home;
		this.release = release;
		this.#chart = chart;
	}

	#run(args: readonly string[]): Promise<string> {
		const { chart, values } = this.#chart;
		return this.home.run(args, { chart, values });
	}

	/** A `--values` flag for each layer; the last one wins. */
	async #valuesFlags(
		furtherValues: string | undefined,
		asWritten = false,
	): Promise<string[]> {
		const { layers } = this.#chart;
		const put = async (name: string, values: string | undefined) =>
			values === undefined ? undefined : this.home.put(name, values);
		const further = await put("further.yaml", furtherValues);
		if (asWritten) return makeValuesFlags(layers, { further, asWritten });
		const waits = makeShortWaits(layers, furtherValues);
		const last = await put("waits.yaml", waits);
		return makeValuesFlags(layers, { further, last });
	}

	/** The chart's own name, version and constraints. */
	async metadata(): Promise<ChartMetadata> {
		return chartMetadata.parse(
			parse(await this.#run(["show", "chart", this.#chart.path])),
		);
	}

	/** The CRDs in the chart, as YAML; empty if it has none. */
	crds(): Promise<string> {
		return this.#run(["show", "crds", this.#chart.path]);
	}

	/** Renders what would be installed, hooks included, as YAML. */
	async render({
		kubeVersion,
		furtherValues,
		asWritten = false,
		flags = [],
	}: RenderOptions): Promise<string> {
		const { name, namespace } = this.release;
		const rendered = await this.#run([
			"template",
			name,
			this.#chart.path,
			`--namespace=${namespace}`,
			`--kube-version=${kubeVersion}`,
			...flags,
			...(await this.#valuesFlags(furtherValues, asWritten)),
		]);
		rememberRenderedSecrets(rendered);
		return rendered;
	}

	/**
	 * Installs the chart, or upgrades the release to it. The caller applies the CRDs.
	 *
	 * @param furtherValues YAML, layered over all values but the test's overrides
	 */
	async install(kubeconfig: string, furtherValues?: string): Promise<void> {
		const config = await this.home.put("kubeconfig", kubeconfig, 0o600);
		const { name, namespace } = this.release;
		await this.#run([
			"upgrade",
			"--install",
			name,
			this.#chart.path,
			`--kubeconfig=${config}`,
			`--namespace=${namespace}`,
			"--skip-crds",
			...(await this.#valuesFlags(furtherValues)),
		]);
	}

	/** The number of the release's last revision. */
	async revision(kubeconfig: string): Promise<number> {
		const config = await this.home.put("kubeconfig", kubeconfig, 0o600);
		const { name, namespace } = this.release;
		const answer = await this.#run([
			"get",
			"metadata",
			name,
			`--kubeconfig=${config}`,
			`--namespace=${namespace}`,
			"--output=json",
		]);
		return z.object({ revision: z.number() }).parse(JSON.parse(answer))
			.revision;
	}

	/** Rolls the release back to a revision. */
	async rollback(kubeconfig: string, revision: number): Promise<void> {
		const config = await this.home.put("kubeconfig", kubeconfig, 0o600);
		const { name, namespace } = this.release;
		await this.#run([
			"rollback",
			name,
			String(revision),
			`--kubeconfig=${config}`,
			`--namespace=${namespace}`,
		]);
	}
}
