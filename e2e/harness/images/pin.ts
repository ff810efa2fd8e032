import { readFile } from "node:fs/promises";
import type Dockerode from "dockerode";
import pLimit from "p-limit";
import { projectPath } from "../../common/paths.ts";
import { writeWhole } from "../run/whole-file.ts";
import { type RegistryAnswer, resolveReference } from "./ask-registry.ts";
import { mirrored } from "./pull-source.ts";
import { withoutDigest } from "./reference.ts";
import { RegistryRefusal } from "./registry-refusal.ts";
import { readComponents } from "./spec.ts";

/** Milliseconds for each answer of a registry. */
const limit = 30_000;

/** The platforms that people's machines have. */
const platforms = ["linux/amd64", "linux/arm64"];

/** What became of a reference. */
export interface Pinned {
	/** As it was. */
	readonly reference: string;
	/** As it is now; undefined if its registry did not say what it has. */
	readonly pinned?: string;
	/** What a person should know: why it is not pinned, or which machines it is not for. */
	readonly problem?: string;
}

/**
 * Asks the registries for the digest of each of upstream's images, and writes it behind the tag into stack/images.yaml.
 *
 * @param mirror as in `pull:<mirror>`; empty to ask the registries themselves
 */
export async function pinUpstreams(
	docker: Dockerode,
	mirror: string,
): Promise<Pinned[]> {
	const upstreams = (await readComponents()).flatMap(({ upstream }) =>
		upstream ? [upstream] : [],
	);
	const pinned = await pLimit(4).map(upstreams, async (reference) => {
		const tagged = withoutDigest(reference);
		const asked = mirrored(mirror, tagged);
		const answer = await resolveReference(docker, asked, limit);
		return pin(reference, answer);
	});
	const file = projectPath("stack", "images.yaml");
	await writeWhole(file, writePins(await readFile(file, "utf8"), pinned));
	return pinned;
}

/** @param answer what the registry has under the reference's tag, or why it does not say */
export function pin(
	reference: string,
	answer: RegistryAnswer | RegistryRefusal,
): Pinned {
	if (answer instanceof RegistryRefusal)
		return { reference, problem: answer.message };
	const pinned = `${withoutDigest(reference)}@${answer.digest}`;
	// A registry names no platform of an image that is for one only.
	const missing = platforms.filter((each) => !answer.platforms.includes(each));
	return missing.length === 0
		? { reference, pinned }
		: { reference, pinned, problem: `it is not for ${missing.join(", ")}` };
}

/** Replaces references in the text of stack/images.yaml, and nothing else. */
export function writePins(text: string, all: readonly Pinned[]): string {
	const byLine = new Map(
		all.map(({ reference, pinned }) => [`upstream: ${reference}`, pinned]),
	);
	return text
		.split("\n")
		.map((line) => {
			const pinned = byLine.get(line.trim());
			return pinned
				? line.replace(/upstream: .*/, `upstream: ${pinned}`)
				: line;
		})
		.join("\n");
}
