/** Expression, zone, the instant that is looked from, cron-parser's answer and ours. */
export type Disagreement = readonly [string, string, string, string, string];

// Every pair of the corpus in which cron-parser 5 and our default, `once`, disagree, by the cause.

/**
 * cron-parser fires what a gap left out as we do when it is asked before the gap. Asked from the first instant after the gap
 * on, it has forgotten that there was one: a scheduler that starts in that hour would lose the run.
 */
export const forgetsGap: readonly Disagreement[] = [
  ['55-59/5 0 */5 * 1', 'Asia/Tehran', '2021-03-21T20:30:00Z', '2021-03-25T20:25:00Z', '2021-03-21T21:25:00Z'],
  ['55 */16 4-22/3 * *', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04T18:55:00Z', '2018-11-04T03:55:00Z'],
  ['57 2 * * *', 'America/New_York', '2026-03-08T07:00:00Z', '2026-03-09T06:57:00Z', '2026-03-08T07:57:00Z'],
  ['* 0 * * 0-6/2', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-06T02:00:00Z', '2018-11-04T03:01:00Z'],
  ['* */5 * * *', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04T07:00:00Z', '2018-11-04T03:01:00Z'],
  ['* 0-7/4 * * *', 'Asia/Tehran', '2021-03-21T20:30:00Z', '2021-03-21T23:30:00Z', '2021-03-21T20:31:00Z'],
  ['6,39 0 * * *', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-05T02:06:00Z', '2018-11-04T03:06:00Z'],
  ['H/20 2 * * *', 'America/New_York', '2026-03-08T07:00:00Z', '2026-03-09T06:03:00Z', '2026-03-08T07:03:00Z'],
  ['4-26 2 */3 2-3 *', 'Africa/Casablanca', '2026-03-22T02:00:00Z', '2026-03-25T01:04:00Z', '2026-03-22T02:04:00Z'],
  ['* 7 2 * * */4', 'America/New_York', '2026-03-08T07:00:00Z', '2026-03-12T06:07:00Z', '2026-03-08T07:07:00Z'],
  ['33 1 * * *', 'Europe/London', '2026-03-29T01:27:40Z', '2026-03-30T00:33:00Z', '2026-03-29T01:33:00Z'],
  ['51 1 * * *', 'Europe/London', '2026-03-29T01:00:00Z', '2026-03-30T00:51:00Z', '2026-03-29T01:51:00Z'],
  ['*/53 0 * 11 0', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-11T02:00:00Z', '2018-11-04T03:53:00Z'],
];

/**
 * cron-parser fires a repeated time once, the first time, as we do when it is asked before. Asked while the clock shows it
 * again, it takes that for the first time: a scheduler that starts in that hour would fire the run again.
 */
export const forgetsOverlap: readonly Disagreement[] = [
  ['*/58 1 */23 * *', 'America/New_York', '2026-11-01T06:00:00Z', '2026-11-01T06:58:00Z', '2026-11-24T06:00:00Z'],
  ['41-55 1 * * *', 'America/New_York', '2026-11-01T06:00:00Z', '2026-11-01T06:41:00Z', '2026-11-02T06:41:00Z'],
  ['* 1 * * */6', 'Europe/London', '2026-10-25T01:00:00Z', '2026-10-25T01:01:00Z', '2026-10-31T01:00:00Z'],
  ['* 1 * * *', 'America/New_York', '2026-11-01T06:00:00Z', '2026-11-01T06:01:00Z', '2026-11-02T06:00:00Z'],
  ['33 1 * * *', 'Europe/London', '2026-10-25T01:00:00Z', '2026-10-25T01:33:00Z', '2026-10-26T01:33:00Z'],
];

/**
 * Lord Howe leaves out half an hour. cron-parser knows gaps of whole hours: it loses the times that this one left out, or
 * sets the minute of one into the hour after it.
 */
export const halfHour: readonly Disagreement[] = [
  ['7 2 * * *', 'Australia/Lord_Howe', '2026-10-03T15:29:59Z', '2026-10-03T16:07:00Z', '2026-10-03T15:37:00Z'],
  ['7 2 * * *', 'Australia/Lord_Howe', '2026-10-03T05:08:10Z', '2026-10-04T15:07:00Z', '2026-10-03T15:37:00Z'],
  ['7 2 * * *', 'Australia/Lord_Howe', '2026-10-02T19:51:32Z', '2026-10-04T15:07:00Z', '2026-10-03T15:37:00Z'],
  [
    '*/14 2 * 8,10,12,4 *',
    'Australia/Lord_Howe',
    '2026-10-02T22:47:23Z',
    '2026-10-03T15:42:00Z',
    '2026-10-03T15:30:00Z',
  ],
  [
    '*/14 2 * 8,10,12,4 *',
    'Australia/Lord_Howe',
    '2026-10-02T17:12:44Z',
    '2026-10-03T15:42:00Z',
    '2026-10-03T15:30:00Z',
  ],
  [
    '*/14 2 * 8,10,12,4 *',
    'Australia/Lord_Howe',
    '2026-10-03T15:29:59Z',
    '2026-10-03T16:00:00Z',
    '2026-10-03T15:30:00Z',
  ],
  [
    '*/14 2 * 8,10,12,4 *',
    'Australia/Lord_Howe',
    '2026-10-03T01:11:12Z',
    '2026-10-03T15:42:00Z',
    '2026-10-03T15:30:00Z',
  ],
];

/**
 * Samoa left out a Friday. cron-parser loses what is due on it; we fire it as much after the gap as it was into it.
 */
export const missingDay: readonly Disagreement[] = [
  ['0 2 30 * *', 'Pacific/Apia', '2011-12-29T12:00:00Z', '2012-01-29T12:00:00Z', '2011-12-30T12:00:00Z'],
  ['30 9 * * FRI', 'Pacific/Apia', '2011-12-28T12:00:00Z', '2012-01-05T19:30:00Z', '2011-12-30T19:30:00Z'],
];
