# The examples side by side in one account, as one configuration has them: by for_each, by themselves, and by count.
terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "copies" {
  type    = set(string)
  default = ["day", "night"]
}

variable "architecture" {
  type = string
}

module "everything" {
  source   = "../examples/terraform-everything"
  for_each = var.copies

  name         = "overtime-${each.key}"
  architecture = var.architecture
}

module "shop" {
  source = "../examples/terraform-database"

  name                = "overtime-shop"
  purchases_role_arns = []
}

data "aws_vpc" "default" {
  default = true
}

module "spare" {
  source = "../modules/cluster"
  count  = 2

  name   = "overtime-spare-${count.index}"
  vpc_id = data.aws_vpc.default.id
}

output "copies" {
  value = module.everything
}

output "modes" {
  value = module.shop.modes
}
