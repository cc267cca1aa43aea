# Tasks run in the account's default VPC, in the subnets that AWS made, which are public.
data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

module "overtime" {
  source = "../../modules/overtime"

  name             = var.name
  vpc_id           = data.aws_vpc.default.id
  subnet_ids       = data.aws_subnets.default.ids
  assign_public_ip = true

  # A function runs on the entry of its own runtime and architecture.
  runtimes = {
    nodejs22-arm64  = { runtime = "nodejs22.x", architecture = "arm64" }
    nodejs22-x86_64 = { runtime = "nodejs22.x", architecture = "x86_64" }
  }
}
