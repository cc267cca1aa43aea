/**
 * Whether something listens on that port of loopback, found out by the shell alone, from what the kernel lists: to start
 * a Node.js that connects would take a good part of a small task's processor every five seconds, as long as the run lasts.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export function listensText(port: number): string {
  const listening = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}/0A`;
  return `while read -r slot here there state others; do [ $here/$state = ${listening} ] && exit 0; done </proc/net/tcp; exit 1`;
}

/**
 * Healthy as soon as the port listens: the first check comes after one interval, and what depends on it starts no earlier.
 * No shorter interval is taken, and none for the start alone.
 * Sources: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html and
 * https://github.com/aws/containers-roadmap/issues/2473
 */
export function healthCheck(port: number) {
  return { command: ['CMD-SHELL', listensText(port)], interval: 5, timeout: 5, retries: 10, startPeriod: 60 };
}
