import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { BadInputError, reasonOf } from "../../common/errors.ts";
import { withFileLock } from "../../common/file-lock.ts";
import { clean } from "../../common/secrecy/redact.ts";
import { writeWhole } from "../../harness/run/whole-file.ts";
import type { ReportedChart, UpgradeReport } from "../report/contents.ts";
import { type PastUpgrade, pastUpgrade } from "./past-upgrade.ts";

const history = z.strictObject({ upgrades: z.array(pastUpgrade) });

/** Enough for a season of nights. */
const mostKept = 100;

/** The file with the upgrades of earlier nights. */
export class UpgradeHistory {
	readonly #path: string;

	private constructor(path: string) {
		this.#path = path;
	}

	/**
	 * Opens the file; without one, it is made.
	 *
	 * @throws BadInputError if it cannot be made, or is none of ours
	 */
	static async open(path: string): Promise<UpgradeHistory> {
		const opened = new UpgradeHistory(path);
		if (!existsSync(path))
			await writeFile(path, format([])).catch((cause: unknown) => {
				throw new BadInputError(
					`--history: ${path} cannot be written: ${reasonOf(cause)}`,
					{ cause },
				);
			});
		await opened.read();
		return opened;
	}

	/** @returns the oldest first @throws BadInputError if the file is none of ours */
	async read(): Promise<readonly PastUpgrade[]> {
		try {
			const text = await readFile(this.#path, "utf8");
			return history.parse(JSON.parse(text)).upgrades;
		} catch (cause) {
			throw new BadInputError(
				`--history: ${this.#path} is no history of upgrades; it is left as it is`,
				{ cause },
			);
		}
	}

	/** Adds an upgrade. Two commands may do so at once, and a file is in place only when it is whole. */
	async add(upgrade: PastUpgrade): Promise<void> {
		const waiting = { what: "write the history of upgrades" };
		await withFileLock(this.#path, waiting, async () => {
			const upgrades = [...(await this.read()), upgrade].slice(-mostKept);
			await writeWhole(this.#path, clean(format(upgrades)));
		});
	}
}

function format(upgrades: readonly PastUpgrade[]): string {
	return `${JSON.stringify({ upgrades }, null, 2)}\n`;
}

type UpgradeFigures = Pick<
	UpgradeReport,
	"startedAt" | "verdict" | "timeline"
> &
	Readonly<Record<"from" | "to", Pick<ReportedChart, "version">>>;

/**
 * What a report says of its upgrade in figures: how long each phase took, and the longest time that anything of a track's
 * name was away. Addresses are left out: they are others each time.
 */
export function summarizeUpgrade({
	startedAt,
	from,
	to,
	verdict,
	timeline,
}: UpgradeFigures): PastUpgrade {
	const figures = new Map<string, number>();
	const note = (name: string, seconds: number) => {
		const rounded = Math.round(seconds * 10) / 10;
		figures.set(name, Math.max(rounded, figures.get(name) ?? 0));
	};
	for (const phase of timeline?.phases ?? [])
		note(`${phase.name} took`, phase.to - phase.from);
	for (const { name, gaps } of timeline?.tracks ?? [])
		note(
			`${name.replace(/ \S+:\d+$/, "")} was away`,
			Math.max(0, ...gaps.map((gap) => gap.to - gap.from)),
		);
	return {
		startedAt,
		from: from.version,
		to: to.version,
		verdict,
		figures: Object.fromEntries(figures),
	};
}
