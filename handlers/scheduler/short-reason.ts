/**
 * A row that names thousands of unknown attributes has a reason of megabytes. DynamoDB takes no item of more than 400 KB:
 * the outcome could never be written, and its slot would be taken up again for ever. CloudWatch Logs has no event of more
 * than 1 MB.
 * Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html,
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_InputLogEvent.html
 */
const REASON_CHARACTERS = 1_000;

/** A reason as history and log have it: its beginning. */
export const shortReason = (reason: string): string => reason.slice(0, REASON_CHARACTERS);
