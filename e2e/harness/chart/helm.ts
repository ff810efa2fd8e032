import type { StartedTestContainer } from "testcontainers";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";
import { type HelmCall, helmFailure } from "./helm-error.ts";
import { type HelmFile, HelmQueue } from "./helm-queue.ts";
import type { LocatedChart } from "./locate.ts";

/**
 * Go collects garbage only when Helm needs half a gigabyte: a rendering ends before it has a quarter of that, and collecting
 * meanwhile takes a third of its time.
 */
const withoutCollections = { GOGC: "off", GOMEMLIMIT: "512MiB" };

/** Helm in a container. */
export class StartedHelm {
	readonly #container: StartedTestContainer;
	readonly #queue: HelmQueue;
	#files = 0;

	private constructor(container: StartedTestContainer) {
		this.#container = container;
		this.#queue = new HelmQueue(container);
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
			.withEnvironment(withoutCollections)
			.withEntrypoint(["sleep"])
			.withCommand(["infinity"]);
		return new StartedHelm(await startContainer("Helm's container", container));
	}

	/** Copies a chart into the container and returns its path there. */
	async copyChart({ path, isFolder }: LocatedChart): Promise<string> {
		const target = `/o11y-e2e/${this.#files++}-chart${isFolder ? "" : ".tgz"}`;
		const source = [{ source: path, target }];
		await (isFolder
			? this.#container.copyDirectoriesToContainer(source)
			: this.#container.copyFilesToContainer(source));
		return target;
	}

	/** Copies files that several calls read. */
	async copyFiles(files: readonly HelmFile[]): Promise<void> {
		if (files.length > 0)
			await this.#container.copyContentToContainer([...files]);
	}

	/** Makes a file that a call of Helm reads, at a path of its own. */
	makeFile(name: string, content: string, mode = 0o644): HelmFile {
		return { target: `/o11y-e2e/${this.#files++}-${name}`, content, mode };
	}

	/**
	 * Runs Helm and returns what it printed.
	 *
	 * @param about the chart and values files that the call is about, for messages
	 * @param files that the arguments name
	 * @throws BadInputError or SetUpError with Helm's own message, and a HelmError as cause
	 */
	async run(
		args: readonly string[],
		about: Omit<HelmCall, "args"> = {},
		files: readonly HelmFile[] = [],
	): Promise<string> {
		const result = await this.#queue.run({ args, files });
		if (result.exitCode === 0) return result.stdout;
		throw helmFailure({ args, ...about }, result);
	}
}
