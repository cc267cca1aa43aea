const STEP_MILLISECONDS = 200;

/**
 * Calls back after that time, of which a pause of the whole machine is no part: nobody could have done meanwhile what the
 * time is for, such as renewing a message. @returns what cancels it
 */
export function afterPatience(milliseconds: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const step = (left: number) => {
    const next = Math.min(left, STEP_MILLISECONDS);
    timer = setTimeout(() => (left > next ? step(left - next) : callback()), next);
  };
  step(milliseconds);
  return () => clearTimeout(timer);
}
