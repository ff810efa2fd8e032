import type Dockerode from "dockerode";
import type { Environment } from "../../common/environment.ts";
import { reconnectDocker } from "../docker/connection.ts";
import {
	runOneShot,
	type ToolOptions,
	type ToolResult,
} from "../docker/one-shot.ts";
import { makeRunLabels } from "../run/run.ts";

/** promtool and amtool, from the images that the stack runs. Each call gets its own container. */
export class Tools {
	readonly #docker: Dockerode;
	readonly #environment: Pick<Environment, "runId" | "images">;

	private constructor(
		docker: Dockerode,
		environment: Pick<Environment, "runId" | "images">,
	) {
		this.#docker = docker;
		this.#environment = environment;
	}

	static async connect(
		environment: Pick<Environment, "runId" | "images">,
	): Promise<Tools> {
		return new Tools(await reconnectDocker(), environment);
	}

	/** @throws ToolError if promtool ends with an exit code other than 0 */
	promtool(
		args: readonly string[],
		options?: ToolOptions,
	): Promise<ToolResult> {
		const { prometheus } = this.#environment.images;
		return this.#run(prometheus, "/bin/promtool", args, options);
	}

	/** @throws ToolError if amtool ends with an exit code other than 0 */
	amtool(args: readonly string[], options?: ToolOptions): Promise<ToolResult> {
		const { alertmanager } = this.#environment.images;
		return this.#run(alertmanager, "/bin/amtool", args, options);
	}

	#run(
		image: string,
		tool: string,
		args: readonly string[],
		options: ToolOptions = {},
	): Promise<ToolResult> {
		return runOneShot(this.#docker, {
			...options,
			image,
			tool,
			args,
			labels: makeRunLabels(this.#environment.runId),
		});
	}
}
