import { type Browser, chromium, type Page } from "playwright-core";
import {
	GenericContainer,
	type StartedTestContainer,
	Wait,
} from "testcontainers";
import { budgets } from "../../common/budgets.ts";
import type { Environment } from "../../common/environment.ts";
import { EnvironmentError, messageOf } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { networkOf, owner } from "../run/run.ts";

/** Where it listens for its DevTools protocol. */
const port = 9222;

/** A Chromium in a container of its own on the cluster's network, where nodes go by the names of their containers. */
export class StartedBrowser {
	readonly #container: StartedTestContainer;
	readonly #browser: Browser;

	private constructor(container: StartedTestContainer, browser: Browser) {
		this.#container = container;
		this.#browser = browser;
	}

	/** @throws EnvironmentError where there is none, or it does not start */
	static async start({
		runId,
		clusterId,
		images,
	}: Environment): Promise<StartedBrowser> {
		if (!images.browser)
			throw new EnvironmentError("there is no image of a browser");
		const container = await new GenericContainer(images.browser)
			.withNetworkMode(networkOf(clusterId))
			.withLabels({ [labels.run]: runId, [labels.owner]: owner })
			// Chromium shares memory between its processes, more than Docker gives unasked.
			.withSharedMemorySize(512 * 2 ** 20)
			.withExposedPorts(port)
			.withWaitStrategy(
				Wait.forHttp("/json/version", port).withStartupTimeout(
					budgets.containerStart,
				),
			)
			.start()
			.catch((cause: unknown) => {
				throw new EnvironmentError(`no browser: ${messageOf(cause)}`, {
					cause,
				});
			});
		try {
			const address = `http://${container.getHost()}:${container.getMappedPort(port)}`;
			const browser = await chromium.connectOverCDP(address);
			return new StartedBrowser(container, browser);
		} catch (cause) {
			await container.stop();
			throw new EnvironmentError(`no browser: ${messageOf(cause)}`, { cause });
		}
	}

	/**
	 * Does something with a page of its own, and takes a picture of what it shows then, whatever becomes of it.
	 *
	 * @param picture a PNG file
	 * @param limit milliseconds that each step may take
	 * @throws EnvironmentError where the browser is gone
	 */
	async look<T>(
		picture: string,
		limit: number,
		action: (page: Page) => Promise<T>,
	): Promise<T> {
		const page = await this.#browser
			.newPage({ viewport: { width: 1280, height: 1200 } })
			.catch((cause: unknown) => {
				throw new EnvironmentError(`no page: ${messageOf(cause)}`, { cause });
			});
		page.setDefaultTimeout(limit);
		let crashed = false;
		page.on("crash", () => {
			crashed = true;
		});
		try {
			return await action(page);
		} catch (cause) {
			if (!crashed && this.#browser.isConnected()) throw cause;
			throw new EnvironmentError(`the browser is gone: ${messageOf(cause)}`, {
				cause,
			});
		} finally {
			// Without one, what became of the action still counts.
			await page.screenshot({ path: picture }).catch(() => undefined);
			await page.close().catch(() => undefined);
		}
	}

	async stop(): Promise<void> {
		try {
			await this.#browser.close();
		} finally {
			await this.#container.stop();
		}
	}
}
