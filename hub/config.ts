/** Placeholder replaced by the configuration module. */
/** Everything that can be configured. Times in ms, sizes in bytes. */
export interface HubConfig {
  /** State directory. */
  home: string;
  host: string;
  /** 0: any free port; clients read hub.json. */
  port: number;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
  identifyTimeoutMs: number;
  resumeGraceMs: number;
  commandDeadlineMs: number;
  drainTimeoutMs: number;
  idleExitMs: number;
  maxMessageBytes: number;
  sendBufferBytes: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Failed authentications per address and minute. */
  maxAuthFailures: number;
  windowSize: number;
  queueLimit: number;
  /** Origins (scheme://host:port) whose pages may connect. */
  allowOrigins: string[];
  /** Set by an adapter that starts a hub because it found none. */
  autoStarted: boolean;
  /** Token given explicitly (environment or secret file) instead of the state directory's. */
  token: string | undefined;
  logLevel: string;
}
