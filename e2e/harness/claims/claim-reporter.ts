import type { UserConsoleLog } from "vitest";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import {
	latestOf,
	type RequestCounts,
} from "../../clients/api-server/request-counts.ts";
import { claimIdOf } from "../../common/claim-id.ts";
import type { Phase } from "../../common/critical-path.ts";
import type { Progress } from "../../common/progress.ts";
import {
	clean,
	cutAfter,
	rememberSecret,
} from "../../common/secrecy/redact.ts";
import { leftBehind } from "../../common/tidy-up.ts";
import { type ClaimResult, holds, type TestResult } from "./summary.ts";

const claim = "claim ";

/** The phase of a claim. */
export function phaseOf(id: string): string {
	return claim + id;
}

/** Whether a phase is none of a claim's. */
export function isOfSetUp({ name }: Pick<Phase, "name">): boolean {
	return !name.startsWith(claim);
}

/** Shows how the claims progress, and collects their results. */
export class ClaimReporter implements Reporter {
	readonly results = new Map<string, ClaimResult>();
	/** Errors outside any test. */
	readonly stray: string[] = [];
	readonly #progress: Progress;
	readonly #requests: Map<string, RequestCounts>;
	readonly #started = new Map<string, number>();
	/** What each claim has waited for, and how many had been tested when it was handed over to vitest. */
	readonly #waits = new Map<
		string,
		{ readonly waitedFor: readonly string[]; readonly tested: number }
	>();
	/** Messages of failed clean-ups, by the ids of their claims. */
	readonly #leftovers = new Map<string, string[]>();
	readonly #ends = new Map<string, PromiseWithResolvers<void>>();
	readonly #vitests = new Set<Vitest>();

	/** @param requests gets what each claim has asked for, by its id */
	constructor(
		progress: Progress,
		requests: Map<string, RequestCounts> = new Map(),
	) {
		this.#progress = progress;
		this.#requests = requests;
	}

	onInit(vitest: Vitest): void {
		this.#vitests.add(vitest);
	}

	/** Resolves when a claim has been tested; never if it is not. */
	whenTested(id: string): Promise<void> {
		return this.#endOf(id).promise;
	}

	#endOf(id: string): PromiseWithResolvers<void> {
		const end = this.#ends.get(id) ?? Promise.withResolvers<void>();
		this.#ends.set(id, end);
		return end;
	}

	/** Says what a claim has waited for, before it runs: names of phases. */
	noteWait(id: string, waitedFor: readonly string[]): void {
		this.#waits.set(id, { waitedFor, tested: this.results.size });
	}

	/** A worker begins to load the claim's modules. */
	onTestModuleQueued(module: TestModule): void {
		const id = claimIdOf(module.moduleId);
		const { waitedFor = [], tested = 0 } = this.#waits.get(id) ?? {};
		// Where there are more claims than workers, it had to wait for the worker of one that has ended since.
		const freed = [...this.results.keys()].slice(tested).map(phaseOf);
		this.#progress.begin(phaseOf(id), [...waitedFor, ...freed]);
	}

	onTestModuleStart(module: TestModule): void {
		this.#started.set(claimIdOf(module.moduleId), Date.now());
	}

	onTestModuleEnd(module: TestModule): void {
		const id = claimIdOf(module.moduleId);
		for (const test of module.children.allTests())
			test.meta().secrets?.forEach(rememberSecret);
		const readings = [...module.children.allTests()].flatMap((test) => {
			const { requests } = test.meta();
			return requests ? [requests] : [];
		});
		this.#requests.set(id, latestOf(readings));
		const began = this.#started.get(id) ?? Date.now();
		const seconds = (Date.now() - began) / 1000;
		const result = resultOf(module, id, seconds);
		const leftovers = this.#leftovers.get(id) ?? [];
		const notes = [...result.notes, ...leftovers];
		this.results.set(id, { ...result, notes });
		this.#progress.end(phaseOf(id), holds(result.status));
		this.#endOf(id).resolve();
	}

	/** Prints console output. Failed clean-ups use it, because their tests have ended and take no annotations. */
	onUserConsoleLog({ content, taskId = "" }: UserConsoleLog): void {
		const said = content.trim();
		this.#progress.say(said);
		const file = [...this.#vitests]
			.map(({ state }) => state.idMap.get(taskId)?.file.filepath)
			.find(Boolean);
		if (!file || !said.startsWith(leftBehind)) return;
		const id = claimIdOf(file);
		this.#leftovers.set(id, [...(this.#leftovers.get(id) ?? []), said]);
	}

	onTestRunEnd(
		_: readonly TestModule[],
		errors: readonly { message: string }[],
	) {
		this.stray.push(...errors.map(({ message }) => message));
	}
}

function resultOf(
	module: TestModule,
	id: string,
	seconds: number,
): ClaimResult {
	const tests = [...module.children.allTests()];
	const title = claimTitleOf(module) ?? id;
	const failed = tests.filter((each) => each.result().state === "failed");
	const messages = [
		...module.errors().map(({ message }) => message),
		...[...failed, ...tests.filter((each) => !failed.includes(each))]
			.filter((each) => messageOfTest(each) !== "")
			.map((each) => `${each.name}: ${messageOfTest(each)}`),
	];
	const unrun = tests.filter((each) => each.result().state === "pending");
	if (tests.length === 0 && messages.length === 0)
		messages.push("no test in it ran");
	if (unrun.length > 0)
		messages.push(`${unrun.length} of its tests did not run`);
	const notes = tests.flatMap((each) =>
		each.annotations().map(({ message }) => message),
	);
	const results = tests.map(describeTest);
	const base = { id, title, seconds, notes, tests: results, missing: [] };
	if (messages.length === 0) {
		const corrected = results.some(({ status }) => status === "corrected");
		const status = corrected ? "corrected" : "proven";
		return { ...base, status, message: "" };
	}
	// Neither a failure outside of tests (an import, a hook) nor one after which the test environment could not be checked
	// says anything about the stack.
	const accused = failed.some(isStackToBlame);
	return {
		...base,
		status: accused ? "refuted" : "inconclusive",
		message: messages.join("\n"),
	};
}

/** The type of an annotation with a measured figure that differs from the promised one. */
const corrected = "corrected";

function describeTest(test: TestCase): TestResult {
	const correction = test
		.annotations()
		.filter(({ type }) => type === corrected)
		.map(({ message }) => message)
		.join("; ");
	const status = statusOf(test, correction);
	return {
		title: test.name,
		status,
		message: messageOfTest(test),
		seconds: (test.diagnostic()?.duration ?? 0) / 1000,
		correction: status === corrected ? correction : "",
	};
}

function statusOf(test: TestCase, correction: string): TestResult["status"] {
	const { state } = test.result();
	if (state === "passed" && !isDoubtful(test))
		return correction ? corrected : "proven";
	if (state === "failed" && isStackToBlame(test)) return "refuted";
	return state === "skipped" ? "skipped" : "inconclusive";
}

function isStackToBlame(test: TestCase): boolean {
	return test.meta().testEnvironment === "healthy";
}

/** Whether the times of a test that passed cannot be trusted. */
function isDoubtful(test: TestCase): boolean {
	return test.meta().testEnvironment === "failed";
}

function claimTitleOf(module: TestModule): string | undefined {
	for (const child of module.children)
		if (child.type === "suite") return child.name;
	return undefined;
}

/** What a test found, or why it found nothing; empty if it passed. */
function messageOfTest(test: TestCase): string {
	const { state, errors } = test.result();
	const { testEnvironment, reason } = test.meta();
	if (state !== "failed") return isDoubtful(test) ? `${reason}` : "";
	const said = errors?.map(describeError).join("; ") ?? "";
	if (testEnvironment === "healthy") return said;
	if (testEnvironment !== "failed")
		return `the test environment could not be checked; ${said}`;
	return reason !== undefined && said.includes(reason)
		? `the test environment failed: ${said}`
		: `the test environment failed (${reason}); ${said}`;
}

/** Characters of a message: a failed comparison may show whole answers. */
const longestMessage = 4000;
const longestDiff = 12;

/** The message, and the lines in which two compared values differ. */
function describeError({
	message,
	diff,
}: {
	message: string;
	diff?: string | undefined;
}): string {
	const lines = clean(diff ?? "")
		.split("\n")
		.filter(
			(line) => /^[-+] /.test(line) && !/^[-+] (Expected|Received)/.test(line),
		);
	const shown = lines.slice(0, longestDiff);
	if (lines.length > shown.length) shown.push("...");
	return [cutAfter(message, longestMessage), ...shown].join("\n  ");
}
