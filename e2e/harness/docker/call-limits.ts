import type { IncomingMessage } from "node:http";
import type { DialOptions, RequestCallback } from "docker-modem";
import type Dockerode from "dockerode";
import { budgets } from "../../common/budgets.ts";
import { EnvironmentError } from "../../common/errors.ts";

/** How often and for how long, in milliseconds. */
interface Pace {
	/** Between two pings, while any call waits. */
	readonly pingEvery: number;
	readonly pingLimit: number;
	/** For a call that moves no data and waits for nothing. */
	readonly callLimit: number;
}

/** Pings in a row without an answer after which an engine hangs. */
const mostMissed = 4;

/** A call under way. */
interface Call {
	/** Ends it with an error. */
	cut(reason: EnvironmentError): void;
}

/**
 * Gives every call to an engine a limit, so that one that hangs cannot hold a run. testcontainers' calls through the same
 * client are limited, too.
 *
 * How long a pull, a build or the end of a container takes, nobody knows. So while any call waits, the engine is pinged;
 * if it answers no ping any more, all calls end. Calls that move no data and wait for nothing have a limit of their own.
 *
 * @param name what messages call the engine
 */
export function limitCalls(
	docker: Dockerode,
	name: string,
	pace: Pace = {
		pingEvery: 5_000,
		pingLimit: budgets.enginePing,
		callLimit: budgets.engineCall,
	},
): void {
	const { modem } = docker;
	const dial: (options: DialOptions, callback: RequestCallback) => void =
		modem.dial.bind(modem);
	const open = new Set<Call>();
	let missed = 0;
	let watch: NodeJS.Timeout | undefined;

	const ping = async () => {
		const path = "/_ping";
		const abortSignal = AbortSignal.timeout(pace.pingLimit);
		const answered = await new Promise<boolean>((resolve) =>
			dial(
				{ path, method: "GET", abortSignal, statusCodes: { 200: true } },
				(error) => resolve(!error),
			),
		);
		missed = answered ? 0 : missed + 1;
		if (missed < mostMissed) return;
		const limit = (mostMissed * pace.pingLimit) / 1000;
		const reason = new EnvironmentError(
			`${name} has answered nothing for ${limit} s, not even a ping: it hangs or was stopped; restart it`,
		);
		for (const call of open) call.cut(reason);
	};
	const look = () => {
		watch = setTimeout(async () => {
			watch = undefined;
			await ping();
			if (open.size > 0) look();
		}, pace.pingEvery).unref();
	};
	const begin = (call: Call) => {
		open.add(call);
		if (!watch) look();
	};
	const end = (call: Call) => {
		open.delete(call);
		if (open.size > 0) return;
		clearTimeout(watch);
		watch = undefined;
	};

	modem.dial = (options: DialOptions, callback?: RequestCallback) => {
		const request = new AbortController();
		const call: Call = { cut: (reason) => request.abort(reason) };
		begin(call);
		// An engine that hung a moment ago is not given as long again.
		const usual = movesOrWaits(options) ? undefined : pace.callLimit;
		const limit = missed < mostMissed ? usual : pace.pingLimit;
		const timer = limit
			? setTimeout(() => call.cut(tooLong(name, options, limit)), limit)
			: undefined;
		const { abortSignal: theirs } = options;
		const { signal } = request;
		const abortSignal = theirs ? AbortSignal.any([signal, theirs]) : signal;
		dial({ ...options, abortSignal }, (error, result) => {
			clearTimeout(timer);
			if (isStream(result)) {
				call.cut = (reason) => result.destroy(reason);
				result.once("close", () => end(call));
			} else end(call);
			callback?.(signal.aborted ? signal.reason : error, result);
		});
	};
}

/** Whether how long a call takes depends on what it moves or waits for. */
function movesOrWaits({ path, isStream, hijack, file }: DialOptions): boolean {
	const isWait = /\/(wait|stop|restart)\b/.test(path);
	return Boolean(isStream || hijack || file || isWait);
}

function tooLong(name: string, { method, path }: DialOptions, limit: number) {
	return new EnvironmentError(
		`${name} did not answer ${method} ${path.split("?")[0]} within ${limit / 1000} s`,
	);
}

function isStream(result: unknown): result is IncomingMessage {
	return typeof result === "object" && result !== null && "pipe" in result;
}
