/** What a part is by its nature: it has the colour of its kind. */
export type Kind = 'module' | 'function' | 'task' | 'queue' | 'table' | 'bucket' | 'service' | 'yours';

/** What a module makes, as Terraform addresses it there. */
export interface Made {
  /** A folder of modules/. */
  readonly module: string;
  /**
   * Of the module's main.tf.json.
   *
   * @default - none: the part is the module as a whole
   */
  readonly address?: string;
}

/** A box of a picture: what a module makes, or what is there besides. */
export type Part = { readonly name: string; readonly note?: string } & (
  | { readonly made: Made }
  | { readonly is: string; readonly kind: Kind }
);

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Whether it goes only now and then: when something failed, or was too much. */
  readonly isRare?: boolean;
  readonly isBothWays?: boolean;
  /** Whether it leaves the places of the parts alone. */
  readonly isLoose?: boolean;
}

/** Parts in a frame. */
export interface Frame {
  readonly title: string;
  /**
   * What the frame stands for.
   *
   * @default - nothing that a module makes
   */
  readonly made?: Made;
  readonly parts: readonly string[];
}

/** A pattern of use, from left to right. */
export interface Picture {
  /** Of its file in docs/pictures, without the ending. */
  readonly name: string;
  /** What it shows, for who cannot see it too. */
  readonly title: string;
  readonly description: string;
  /**
   * The module that makes what names no other one.
   *
   * @default - none: each part names its own
   */
  readonly home?: string;
  readonly parts: Readonly<Record<string, Part>>;
  readonly frames?: readonly Frame[];
  readonly arrows: readonly Arrow[];
  /** Parts that stand above one another. */
  readonly columns?: readonly (readonly string[])[];
}
