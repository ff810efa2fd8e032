import { basename } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { rememberRenderedSecrets } from "../../common/secrecy/in-values.ts";
import type { RoomOfTiers } from "./computed/small-requests.ts";
import type { StartedHelm } from "./helm.ts";
import type { HelmFile } from "./helm-queue.ts";
import type { Layer } from "./layers.ts";
import { makeComputedOverrides, makeValuesFlags } from "./layers.ts";
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

/** What a chart is loaded for. */
export interface LoadOptions extends ChartDescription {
	/** Of the nodes that it is installed on, if it is. */
	readonly room?: RoomOfTiers;
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

/**
 * Loads a chart with its values, so that it can be rendered and installed.
 *
 * @param values layered in this order, the last one wins; overrides for the test after all others
 */
export async function loadChart(
	helm: StartedHelm,
	chart: LocatedChart,
	values: readonly ValuesFile[],
	release: Release,
	about: LoadOptions = {},
): Promise<LoadedChart> {
	const files = values.map(({ name, content }) =>
		helm.makeFile(basename(name), content),
	);
	const path = await helm.copyChart(chart);
	await helm.copyFiles(files);
	return new LoadedChart(helm, release, {
		path,
		layers: values.map(
			({ content, forTest }, i): Layer => ({
				path: files[i]?.target ?? "",
				content,
				forTest,
			}),
		),
		chart: `${about.role ?? "the chart"} (${chart.source})`,
		values: about.values ?? values.map(({ name }) => name),
		room: about.room,
	});
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
	readonly room: RoomOfTiers | undefined;
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

	#run(
		args: readonly string[],
		files: readonly HelmFile[] = [],
	): Promise<string> {
		const { chart, values } = this.#chart;
		return this.home.run(args, { chart, values }, files);
	}

	/** A `--values` flag for each layer, the last one wins; and the files of those that are not in the container yet. */
	#makeValues(furtherValues: string | undefined, asWritten = false) {
		const { layers, room } = this.#chart;
		const files: HelmFile[] = [];
		const put = (name: string, values: string) => {
			const file = this.home.makeFile(name, values);
			files.push(file);
			return file.target;
		};
		const further =
			furtherValues === undefined
				? undefined
				: put("further.yaml", furtherValues);
		const last = asWritten
			? []
			: makeComputedOverrides(layers, furtherValues, room).map((each) =>
					put("computed.yaml", each),
				);
		return {
			files,
			flags: makeValuesFlags(layers, { further, last, asWritten }),
		};
	}

	/** A kubeconfig that only Helm may read, and the flags of a call that uses it. */
	#makeAccess(kubeconfig: string) {
		const file = this.home.makeFile("kubeconfig", kubeconfig, 0o600);
		return {
			file,
			flags: [
				`--kubeconfig=${file.target}`,
				`--namespace=${this.release.namespace}`,
			],
		};
	}

	/** The chart's own name, version and constraints. */
	async metadata(): Promise<ChartMetadata> {
		return chartMetadata.parse(
			parse(await this.#run(["show", "chart", this.#chart.path])),
		);
	}

	/** The chart's own values, as YAML. */
	defaults(): Promise<string> {
		return this.#run(["show", "values", this.#chart.path]);
	}

	/** The contents of the values files that are not only for the test, in their order. */
	get written(): readonly string[] {
		return this.#chart.layers.flatMap(({ content, forTest }) =>
			forTest ? [] : content,
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
		const values = this.#makeValues(furtherValues, asWritten);
		const rendered = await this.#run(
			[
				"template",
				name,
				this.#chart.path,
				`--namespace=${namespace}`,
				`--kube-version=${kubeVersion}`,
				...flags,
				...values.flags,
			],
			values.files,
		);
		rememberRenderedSecrets(rendered);
		return rendered;
	}

	/**
	 * Installs the chart, or upgrades the release to it. The caller applies the CRDs.
	 *
	 * @param furtherValues YAML, layered over all values but the test's overrides
	 * @param flags further ones of `helm upgrade`
	 */
	async install(
		kubeconfig: string,
		furtherValues?: string,
		flags: readonly string[] = [],
	): Promise<void> {
		const access = this.#makeAccess(kubeconfig);
		const values = this.#makeValues(furtherValues);
		await this.#run(
			[
				"upgrade",
				"--install",
				this.release.name,
				this.#chart.path,
				...access.flags,
				"--skip-crds",
				...flags,
				...values.flags,
			],
			[access.file, ...values.files],
		);
	}

	/** The number of the release's last revision. */
	async revision(kubeconfig: string): Promise<number> {
		const { file, flags } = this.#makeAccess(kubeconfig);
		const answer = await this.#run(
			["get", "metadata", this.release.name, ...flags, "--output=json"],
			[file],
		);
		const read = z.object({ revision: z.number() }).parse(JSON.parse(answer));
		return read.revision;
	}

	/** Rolls the release back to a revision. */
	async rollback(kubeconfig: string, revision: number): Promise<void> {
		const { file, flags } = this.#makeAccess(kubeconfig);
		const target = [this.release.name, String(revision)];
		await this.#run(["rollback", ...target, ...flags], [file]);
	}
}
