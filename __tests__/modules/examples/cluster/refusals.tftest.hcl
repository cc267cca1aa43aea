# Each run gives one wrong value and everything else right: the validation of that variable refuses it.

mock_provider "aws" {}

variables {
  vpc_id = "vpc-0a"
}

run "name_of_one_letter" {
  command = plan

  variables {
    name = "o"
  }

  expect_failures = [var.name]
}

run "name_of_28_letters" {
  command = plan

  variables {
    name = "abcdefghijklmnopqrstuvwxyzab"
  }

  expect_failures = [var.name]
}

run "name_in_capitals" {
  command = plan

  variables {
    name = "Overtime"
  }

  expect_failures = [var.name]
}

run "vpc_by_name" {
  command = plan

  variables {
    vpc_id = "main"
  }

  expect_failures = [var.vpc_id]
}

run "container_insights_as_a_boolean" {
  command = plan

  variables {
    container_insights = true
  }

  expect_failures = [var.container_insights]
}

run "capacity_on_ec2" {
  command = plan

  variables {
    default_capacity = "EC2"
  }

  expect_failures = [var.default_capacity]
}

run "log_retention_of_2_days" {
  command = plan

  variables {
    log_retention_days = 2
  }

  expect_failures = [var.log_retention_days]
}

run "log_retention_for_ever" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}
