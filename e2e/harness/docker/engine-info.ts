import type Dockerode from "dockerode";
import { z } from "zod";
import { parseAs } from "../../common/parsing/parse-as.ts";
import { isAbsent } from "./docker.ts";

const info = z.looseObject({
	/** Stays the same as long as the engine keeps its data. */
	ID: z.string(),
	ServerVersion: z.string(),
	OperatingSystem: z.string(),
	/** The kernel's name of the processor, e.g. x86_64. */
	Architecture: z.string().default(""),
	KernelVersion: z.string(),
	NCPU: z.number(),
	MemTotal: z.number(),
	Driver: z.string(),
	DriverStatus: z.array(z.array(z.string())).nullish(),
	CgroupVersion: z.string().default("1"),
	CgroupDriver: z.string(),
	SystemTime: z.string(),
	DockerRootDir: z.string(),
	HttpProxy: z.string().default(""),
	HttpsProxy: z.string().default(""),
});

/** What an engine says of itself. */
export type EngineInfo = z.infer<typeof info>;

/** @param raw the answer to GET /info @throws UnexpectedFormError */
export function parseEngineInfo(raw: unknown): EngineInfo {
	return parseAs(info, raw, "the engine's answer to GET /info");
}

const nodesNames: Readonly<Record<string, string>> = {
	x86_64: "x64",
	amd64: "x64",
	aarch64: "arm64",
};

/** The processor of an engine or an image, by Node's name as in process.arch. */
export function processorOf({
	Architecture: name,
}: Pick<EngineInfo, "Architecture">): string {
	return nodesNames[name] ?? name;
}

/**
 * The processor of an image.
 *
 * @returns an empty text if it does not say, as one that was imported need not; undefined if the engine does not have it
 */
export async function processorOfImage(
	docker: Dockerode,
	name: string,
): Promise<string | undefined> {
	try {
		return processorOf(await docker.getImage(name).inspect());
	} catch (error) {
		if (isAbsent(error)) return undefined;
		throw error;
	}
}
