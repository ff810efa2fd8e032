import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Progress } from "../common/progress.ts";
import type { ClaimResult, ClaimStatus } from "../harness/claims/summary.ts";
import { readMutations } from "./catalogue.ts";
import { concludeTrial } from "./conclude.ts";
import type { Trial } from "./trial.ts";
import { nameOfTrial } from "./trial.ts";
import { TrialQueue } from "./trial-queue.ts";
import { Verdicts, verdictsFile } from "./verdicts.ts";

const mutations = await readMutations();
const pick = (id: string) => {
	const found = mutations.find((each) => each.id === id);
	if (!found) throw new Error(`no mutation ${id}`);
	// What a message must say is judge.ts' concern.
	return { ...found, says: undefined };
};
const inGrafana = pick("anonymous-access");
const inPrometheus = pick("scraped-every-30s");
const group: Trial = { kind: "claims", members: [inGrafana, inPrometheus] };
const alone: Trial = { kind: "claims", members: [inGrafana] };

const result = (id: string, status: ClaimStatus): ClaimResult => ({
	id,
	status,
	title: id,
	seconds: 7,
	message: "",
	notes: [],
	tests: [],
	missing: [],
});

async function conclude(trial: Trial, results: ClaimResult[]) {
	const dir = await mkdtemp(join(tmpdir(), "verdicts-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	const queue = new TrialQueue([]);
	const verdicts = new Verdicts(new Progress(), dir, 1);
	await concludeTrial(trial, { results }, 60, { queue, verdicts });
	const written = await readFile(join(dir, verdictsFile), "utf8").catch(
		() => '{"tried":[]}',
	);
	const {
		tried,
	}: { tried: { id: string; outcome: string; seconds: number }[] } =
		JSON.parse(written);
	const left: Trial[] = [];
	for (let each = queue.take(false); each; each = queue.take(false))
		left.push(each);
	return {
		tried: tried.map(
			({ id, outcome, seconds }) => `${id}: ${outcome} after ${seconds} s`,
		),
		left: left.map((each) => nameOfTrial(each) + (each.again ? ", again" : "")),
	};
}

test("a group whose claims are all refuted is caught", async () => {
	const seen = [
		result("grafana-datasources", "refuted"),
		result("scrape-targets", "refuted"),
	];
	expect(await conclude(group, seen)).toEqual({
		tried: [
			"anonymous-access: caught after 7 s",
			"scraped-every-30s: caught after 7 s",
		],
		left: [],
	});
});

test("only what was missed in a group is tried alone", async () => {
	const seen = [
		result("grafana-datasources", "proven"),
		result("scrape-targets", "refuted"),
	];
	expect(await conclude(group, seen)).toEqual({
		tried: ["scraped-every-30s: caught after 7 s"],
		left: ["anonymous-access"],
	});
});

test("a claim that no mutation of a group must refute is held against those that it can notice", async () => {
	const seen = [
		result("grafana-datasources", "refuted"),
		result("scrape-targets", "refuted"),
		result("wal-replay", "refuted"),
	];
	expect(await conclude(group, seen)).toEqual({
		tried: ["anonymous-access: caught after 7 s"],
		left: ["scraped-every-30s"],
	});
});

test("what is missed alone is missed", async () => {
	const seen = [result("grafana-datasources", "proven")];
	expect(await conclude(alone, seen)).toEqual({
		tried: ["anonymous-access: missed after 60 s"],
		left: [],
	});
});

test("what has no verdict is tried once more, and only once", async () => {
	const seen = [result("grafana-datasources", "inconclusive")];
	expect((await conclude(alone, seen)).left).toEqual([
		"anonymous-access, again",
	]);
	expect(await conclude({ ...alone, again: true }, seen)).toEqual({
		tried: ["anonymous-access: no verdict after 60 s"],
		left: [],
	});
});

test("healthy variations that are not proven together are tried alone", async () => {
	const variation = (id: string) => ({ id, why: "", values: { [id]: 1 } });
	const trial: Trial = {
		kind: "healthy",
		members: [variation("quiet"), variation("small")],
	};
	const seen = [result("wal-replay", "refuted")];
	expect((await conclude(trial, seen)).left).toEqual(["quiet", "small"]);
	expect(
		(await conclude(trial, [result("wal-replay", "proven")])).tried,
	).toEqual(["quiet: proven after 60 s", "small: proven after 60 s"]);
});

test("a healthy variation is proven although a claim is refuted that cannot notice it", async () => {
	const variation = (id: string) => ({ id, why: "", values: { [id]: {} } });
	const trial: Trial = {
		kind: "healthy",
		members: [variation("grafana"), variation("prometheus")],
	};
	const seen = [
		result("wal-replay", "refuted"),
		result("grafana-pages", "proven"),
	];
	expect(await conclude(trial, seen)).toEqual({
		tried: ["grafana: proven after 60 s"],
		left: ["prometheus"],
	});
});
