/** Sockets that a service manager has bound for this process: socket activation, as sd_listen_fds(3) of systemd describes it. */

/** The first descriptor that is passed; those before it are stdin, stdout and stderr. */
const FIRST_DESCRIPTOR = 3;
const VARIABLES = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];

/** Descriptors of the sockets that were passed to process `pid`; none when the variables are meant for another process. */
export function passedSockets(env: NodeJS.ProcessEnv, pid: number): number[] {
  const count = Number(env.LISTEN_FDS);
  if (Number(env.LISTEN_PID) !== pid || !Number.isInteger(count) || count < 1) return [];
  return Array.from({ length: count }, (_, index) => FIRST_DESCRIPTOR + index);
}

/** Takes the variables out of `env`, so that no child process looks for sockets that it was not given. */
export function forgetPassedSockets(env: NodeJS.ProcessEnv): void {
  for (const name of VARIABLES) delete env[name];
}
