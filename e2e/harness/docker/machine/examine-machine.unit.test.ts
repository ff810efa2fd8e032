import { merge } from "es-toolkit";
import { expect, test } from "vitest";
import { examineMachine } from "./examine-machine.ts";
import { type MachineFacts, parseKernelFacts } from "./machine-facts.ts";

const GiB = 2 ** 30;

const ubuntu: MachineFacts = {
	info: {
		ID: "an engine",
		ServerVersion: "28.5.2",
		OperatingSystem: "Ubuntu 24.04",
		Architecture: "x86_64",
		KernelVersion: "6.8.0",
		NCPU: 8,
		MemTotal: 16 * GiB,
		Driver: "overlay2",
		DriverStatus: [["Backing Filesystem", "extfs"]],
		CgroupVersion: "2",
		CgroupDriver: "systemd",
		SystemTime: "2026-01-01T00:00:00Z",
		DockerRootDir: "/var/lib/docker",
		HttpProxy: "",
		HttpsProxy: "",
	},
	kernel: {
		availableMemory: 12 * GiB,
		freeDisk: 100 * GiB,
		inotifyInstances: 1024,
		bridgeNetfilter: true,
		loopDevices: true,
		missingFileSystems: [],
	},
	clockAhead: 40,
};

/** The findings that are not good. */
function troubles(change: object, env = {}) {
	const facts = merge(structuredClone(ubuntu), change);
	return examineMachine(facts, env)
		.filter(({ verdict }) => verdict !== "good")
		.map(({ subject, verdict, found, remedy }) => {
			expect(remedy).toBeTruthy();
			return `${verdict}: ${subject}: ${found}`;
		});
}

test("a usual machine has no trouble", () => {
	expect(troubles({})).toEqual([]);
	expect(examineMachine(ubuntu, {})).toHaveLength(10);
});

test.each([
	[
		{ kernel: { availableMemory: 1.5 * GiB } },
		"bad: memory: too little memory: 1.5 GiB available, 5.0 GiB needed",
	],
	[
		{ kernel: { freeDisk: 0.3 * GiB } },
		"bad: disk: too little disk: 0.3 GiB available, 8.0 GiB needed",
	],
	[{ kernel: { inotifyInstances: 128 } }, "doubtful: inotify: 128 instances"],
	[
		{ info: { CgroupVersion: "1" }, kernel: { inotifyInstances: 64 } },
		"doubtful: inotify: 64 instances",
	],
	[
		{ kernel: { bridgeNetfilter: false } },
		"doubtful: kernel modules: not loaded: br_netfilter",
	],
	[{ kernel: { loopDevices: false } }, "bad: kernel modules: not loaded: loop"],
	[
		{ kernel: { missingFileSystems: ["ext4"] } },
		"doubtful: kernel modules: not loaded: ext4",
	],
	[{ info: { Driver: "zfs" } }, "doubtful: storage: zfs"],
	[
		{ info: { DriverStatus: [["Backing Filesystem", "zfs"]] } },
		"doubtful: storage: overlay2 on zfs",
	],
	[{ info: { NCPU: 1 } }, "doubtful: CPUs: 1"],
	[
		{ clockAhead: 7_200_000 },
		"bad: clock: the engine's is 7200.0 s ahead of this process'",
	],
	[
		{ clockAhead: -7_200_000 },
		"doubtful: clock: the engine's is 7200.0 s behind this process'",
	],
	[
		{ clockAhead: 6_000 },
		"doubtful: clock: the engine's is 6.0 s ahead of this process'",
	],
] as const)("of %j it says %s", (change, sentence) => {
	expect(troubles(change)).toEqual([expect.stringContaining(sentence)]);
});

test("with cgroup v1, the kernel's default of inotify instances is enough", () => {
	const info = { CgroupVersion: "1" };
	expect(troubles({ info, kernel: { inotifyInstances: 128 } })).toEqual([]);
});

test("a proxy of this process that the engine does not know is doubtful, and its password is not said", () => {
	const env = { HTTPS_PROXY: "http://me:secret@proxy:3128" };
	const found = troubles({}, env);
	expect(found).toEqual([expect.stringContaining("doubtful: proxy")]);
	expect(found.join()).not.toContain("secret");
	expect(troubles({ info: { HttpsProxy: "http://proxy:3128" } }, env)).toEqual(
		[],
	);
});

test.each([
	[{ HTTPS_PROXY: "", https_proxy: "http://proxy:3128" }, "https_proxy is set"],
	[{ HTTP_PROXY: "http://proxy:3128" }, "HTTP_PROXY is set"],
	[{ all_proxy: "socks5://proxy:1080" }, "all_proxy is set"],
])("with %j, this process has a proxy", (env, sentence) => {
	expect(troubles({}, env)).toEqual([expect.stringContaining(sentence)]);
});

test("what cannot be seen is doubtful, never good", () => {
	const kernel = parseKernelFacts("");
	const facts = { ...ubuntu, kernel };
	const subjects = examineMachine(facts, {})
		.filter(({ verdict }) => verdict === "doubtful")
		.map(({ subject }) => subject);
	expect(subjects).toEqual(["memory", "disk", "inotify", "kernel modules"]);
	const why = "the engine runs on x64, and its busybox:1 is for arm64";
	expect(
		examineMachine({ ...facts, unseenBecause: why }, {}).filter(({ found }) =>
			found.includes(why),
		),
	).toHaveLength(4);
});

test("a machine without enough memory is bad, even if nobody can look how much of it is free", () => {
	const info = { ...ubuntu.info, MemTotal: 2 * GiB };
	const facts = { ...ubuntu, info, kernel: parseKernelFacts("") };
	const memory = examineMachine(facts, {}).find(
		({ subject }) => subject === "memory",
	);
	expect(memory?.verdict).toBe("bad");
});

test("what the script prints is read", () => {
	const printed =
		"memory 1024\ndisk 2048\ninotify 128\nbridge 0\nloop 1\nmissing ext4\n";
	expect(parseKernelFacts(printed)).toEqual({
		availableMemory: 1024 * 1024,
		freeDisk: 2048 * 1024,
		inotifyInstances: 128,
		bridgeNetfilter: false,
		loopDevices: true,
		missingFileSystems: ["ext4"],
	});
});
