# One cluster, one starter and one topic for alarms. Every other file is a way by which runs come to them, and stands by
# itself: take out what you do not need.

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

# All alarms go to it. It has no key of KMS: CloudWatch may not publish to a topic that AWS's own key encrypts.
resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}

# Whoever may invoke the starter runs a function past its limit: {"arn": "report", "input": {"day": "2026-11-27"}}.
module "overtime" {
  source = "../../modules/overtime"

  name             = var.name
  vpc_id           = data.aws_vpc.default.id
  subnet_ids       = data.aws_subnets.default.ids
  assign_public_ip = true
  alarm_actions    = [aws_sns_topic.alarms.arn]
}
