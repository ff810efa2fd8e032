import { setTimeout as pause } from "node:timers/promises";
import type { ReloadSettings } from "./settings.ts";

/** One reload at a time; changes in the meantime lead to one more. */
export class Reloader {
	readonly #settings: ReloadSettings;
	readonly #say: (line: string) => void;
	#running: Promise<void> | undefined;
	#requested = false;

	constructor(settings: ReloadSettings, say: (line: string) => void) {
		this.#settings = settings;
		this.#say = say;
	}

	request(): void {
		this.#requested = true;
		this.#running ??= (async () => {
			while (this.#requested) {
				this.#requested = false;
				await this.#reload();
			}
			this.#running = undefined;
		})();
	}

	/** Waits for the reload that is running, if any. */
	async settled(): Promise<void> {
		await this.#running;
	}

	async #reload(): Promise<void> {
		const { url, method, payload, user, password, attempts } = this.#settings;
		const basic = Buffer.from(`${user}:${password}`).toString("base64");
		for (let i = 1; i <= attempts; i++) {
			try {
				const answer = await fetch(url, {
					method,
					headers: {
						...(user && { authorization: `Basic ${basic}` }),
						...(payload && { "content-type": "application/json" }),
					},
					...(payload && method === "POST" && { body: payload }),
					signal: AbortSignal.timeout(10_000),
				});
				this.#say(`${method} ${url}: ${answer.status} ${await answer.text()}`);
				if (answer.status < 500) return;
			} catch (error) {
				this.#say(`${method} ${url}: ${error}`);
			}
			await pause(1000);
		}
	}
}
