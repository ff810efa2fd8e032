import { type Browser, chromium, type Page } from "playwright-core";
import { type StartedTestContainer, Wait } from "testcontainers";
import { budgets } from "../../common/budgets.ts";
import { EnvironmentError, messageOf } from "../../common/errors.ts";
import { noteReportFile } from "../../common/output/report-manifest.ts";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { makeRunLabels, tempDirOf } from "../run/run.ts";

/** The port of its DevTools protocol. */
const port = 9222;

/** A Chromium in a container. On a cluster's network, nodes have the names of their containers. */
export class StartedBrowser {
	readonly #container: StartedTestContainer;
	readonly #browser: Browser;

	private constructor(container: StartedTestContainer, browser: Browser) {
		this.#container = container;
		this.#browser = browser;
	}

	/**
	 * @param runId of this process' run
	 * @param image listens for the DevTools protocol at port 9222
	 * @param network Docker's name of the network that it joins
	 * @throws EnvironmentError if it does not start
	 */
	static async start(
		runId: string,
		image: string,
		network: string,
	): Promise<StartedBrowser> {
		const prepared = new RunContainer(image, makeRunLabels(runId))
			.withNetworkMode(network)
			// Chromium's processes share more memory than Docker allows by default.
			.withSharedMemorySize(512 * 2 ** 20)
			.withExposedPorts(port)
			.withWaitStrategy(
				Wait.forHttp("/json/version", port).withStartupTimeout(
					budgets.containerStart,
				),
			);
		const container = await startContainer("the browser", prepared).catch(
			(cause: unknown) => {
				throw new EnvironmentError(messageOf(cause), { cause });
			},
		);
		try {
			const address = `http://${container.getHost()}:${container.getMappedPort(port)}`;
			const browser = await chromium.connectOverCDP(address, {
				// Playwright's own folder for these would be left behind if this process were killed.
				artifactsDir: tempDirOf(runId),
			});
			return new StartedBrowser(container, browser);
		} catch (cause) {
			await container.stop();
			throw new EnvironmentError(
				`the browser does not answer: ${messageOf(cause)}`,
				{ cause },
			);
		}
	}

	/**
	 * Runs `action` on a new page. Whether or not it fails, takes a screenshot at the end.
	 *
	 * @param picture the path of the screenshot, a PNG
	 * @param limit milliseconds that each step may take
	 * @throws EnvironmentError if the browser crashes or does not answer
	 */
	async look<T>(
		picture: string,
		limit: number,
		action: (page: Page) => Promise<T>,
	): Promise<T> {
		const page = await this.#browser
			.newPage({ viewport: { width: 1280, height: 1200 } })
			.catch((cause: unknown) => {
				throw new EnvironmentError(
					`the browser opened no page: ${messageOf(cause)}`,
					{ cause },
				);
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
			throw new EnvironmentError(`the browser crashed: ${messageOf(cause)}`, {
				cause,
			});
		} finally {
			// The action's outcome counts even if there is no screenshot.
			await noteReportFile(picture)
				.then(() => page.screenshot({ path: picture }))
				.catch(() => undefined);
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
