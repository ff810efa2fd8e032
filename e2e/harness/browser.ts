import { type Browser, chromium } from "playwright-core";
import { GenericContainer, Wait } from "testcontainers";
import type { Environment } from "./environment.ts";
import { GroundError, messageOf } from "./errors.ts";
import { labels } from "./labels.ts";
import { networkOf, owner } from "./run.ts";

/** Where it listens for its DevTools protocol. */
const port = 9222;

/** A Chromium in a container of its own on the cluster's network, where nodes go by the names of their containers. */
export interface StartedBrowser {
	readonly browser: Browser;
	stop(): Promise<void>;
}

/** @throws GroundError where there is none, or it does not start */
export async function startBrowser({
	runId,
	clusterId,
	images,
}: Environment): Promise<StartedBrowser> {
	if (!images.browser) throw new GroundError("there is no image of a browser");
	try {
		const container = await new GenericContainer(images.browser)
			.withNetworkMode(networkOf(clusterId))
			.withLabels({ [labels.run]: runId, [labels.owner]: owner })
			// Chromium shares memory between its processes, more than Docker gives unasked.
			.withSharedMemorySize(512 * 2 ** 20)
			.withExposedPorts(port)
			.withWaitStrategy(
				Wait.forHttp("/json/version", port).withStartupTimeout(60_000),
			)
			.start();
		const address = `http://${container.getHost()}:${container.getMappedPort(port)}`;
		const browser = await chromium.connectOverCDP(address);
		return {
			browser,
			stop: async () => {
				await browser.close();
				await container.stop();
			},
		};
	} catch (cause) {
		throw new GroundError(`no browser: ${messageOf(cause)}`, { cause });
	}
}
