/** The last bytes of what has been written. */
export class Tail {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(private readonly limitBytes: number) {}

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    // Joined now and then alone, so that a flood costs each byte a copy or two.
    if (this.#bytes > 2 * this.limitBytes) {
      this.#cut();
    }
  }

  /** Whether anything was left out. */
  get isCut(): boolean {
    this.#cut();
    return this.#isCut;
  }

  text(): string {
    this.#cut();
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  #cut(): void {
    if (this.#bytes > this.limitBytes) {
      this.#chunks = [Buffer.concat(this.#chunks).subarray(-this.limitBytes)];
      this.#bytes = this.limitBytes;
      this.#isCut = true;
    }
  }
}
