/**
 * Builds with the process, where Lambda gives most CPU; what fails there is told to each caller, not lost in a crash.
 *
 * @returns what was built, or throws what building threw
 */
export function buildOnce<Built>(build: () => Built): () => Built {
  try {
    const built = build();
    return () => built;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
