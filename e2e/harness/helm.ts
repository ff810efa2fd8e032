import { basename } from "node:path";
import { GenericContainer, type StartedTestContainer } from "testcontainers";
import { parse } from "yaml";
import { z } from "zod";
import type { LocatedChart } from "./chart.ts";
import { BadInputError, SetUpError } from "./errors.ts";
import type { Run } from "./run.ts";

const chartMetadata = z.object({ name: z.string(), version: z.string() });

/** Helm in a container on the cluster's network, with one chart and its values. */
export class StartedHelm {
	readonly #container: StartedTestContainer;
	readonly #chart: string;
	readonly #valuesFlags: readonly string[];
	readonly #release: { readonly name: string; readonly namespace: string };

	private constructor(
		container: StartedTestContainer,
		chart: string,
		valuesFlags: readonly string[],
		release: { name: string; namespace: string },
	) {
		this.#container = container;
		this.#chart = chart;
		this.#valuesFlags = valuesFlags;
		this.#release = release;
	}

	/** @param values layered in this order, the last wins */
	static async start(
		run: Run,
		image: string,
		network: string,
		chart: LocatedChart,
		values: readonly { readonly name: string; readonly content: string }[],
		release: { name: string; namespace: string },
	): Promise<StartedHelm> {
		const files = values.map(({ name, content }, i) => ({
			content,
			target: `/o11y-e2e/values/${i}-${basename(name)}`,
		}));
		const inContainer = "/o11y-e2e/chart";
		const container = new GenericContainer(image)
			.withName(`o11y-e2e-${run.id}-helm`)
			.withNetworkMode(network)
			.withLabels({ ...run.labels })
			.withEntrypoint(["sleep"])
			.withCommand(["infinity"])
			.withCopyContentToContainer(files);
		if (chart.isFolder)
			container.withCopyDirectoriesToContainer([
				{ source: chart.path, target: inContainer },
			]);
		else
			container.withCopyFilesToContainer([
				{ source: chart.path, target: `${inContainer}.tgz` },
			]);
		return new StartedHelm(
			await container.start(),
			chart.isFolder ? inContainer : `${inContainer}.tgz`,
			files.map(({ target }) => `--values=${target}`),
			release,
		);
	}

	/** The chart's own name and version. */
	async metadata(): Promise<z.infer<typeof chartMetadata>> {
		return chartMetadata.parse(
			parse(await this.#helm(["show", "chart", this.#chart])),
		);
	}

	/** The CRDs that the chart brings, as YAML; empty where it brings none. */
	crds(): Promise<string> {
		return this.#helm(["show", "crds", this.#chart]);
	}

	/** What would be installed, as YAML. */
	render(kubeVersion: string): Promise<string> {
		const { name, namespace } = this.#release;
		return this.#helm([
			"template",
			name,
			this.#chart,
			`--namespace=${namespace}`,
			`--kube-version=${kubeVersion}`,
			...this.#valuesFlags,
		]);
	}

	/**
	 * Installs the chart, or upgrades the release to it. CRDs are the caller's.
	 *
	 * @param furtherValues YAML, layered last
	 */
	async install(kubeconfig: string, furtherValues = "{}"): Promise<void> {
		const further = "/o11y-e2e/further-values.yaml";
		await this.#container.copyContentToContainer([
			{ content: kubeconfig, target: "/o11y-e2e/kubeconfig", mode: 0o600 },
			{ content: furtherValues, target: further },
		]);
		const { name, namespace } = this.#release;
		await this.#helm([
			"upgrade",
			"--install",
			name,
			this.#chart,
			"--kubeconfig=/o11y-e2e/kubeconfig",
			`--namespace=${namespace}`,
			"--skip-crds",
			...this.#valuesFlags,
			`--values=${further}`,
		]);
	}

	async #helm(args: string[]): Promise<string> {
		const result = await this.#container.exec(["helm", ...args]);
		if (result.exitCode === 0) return result.stdout;
		throw helmError(args[0] ?? "", result.stderr);
	}
}

/** Helm's own sentence; what the values or the chart are to blame for is bad input. */
export function helmError(verb: string, stderr: string): Error {
	const text = stderr
		.split("\n")
		.filter((line) => line.trim() && !/^(WARNING|walk\.go|level=)/.test(line))
		.join(" ")
		.replace(/^Error: /, "")
		.trim();
	const message = `helm ${verb} failed: ${text}`;
	const isInput =
		/don't meet the specifications of the schema|execution error at|parse error|YAML parse|incompatible with Kubernetes|missing in charts\/ directory|Chart\.yaml/.test(
			text,
		);
	return isInput ? new BadInputError(message) : new SetUpError(message);
}
