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

run "no_instance_type" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "large" }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "instances_of_another_architecture" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large", architecture = "mips" }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "half_an_instance" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large", desired = 0.5 }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "fewer_than_no_instances" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large", min = -1 }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "too_many_instances" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large", max = 5001 }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "disk_too_small_for_the_image" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large", disk_gib = 8 }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "more_instances_than_the_most" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large", desired = 5 }
    subnet_ids   = ["subnet-0a"]
  }

  expect_failures = [var.ec2_capacity]
}

run "instances_nowhere" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large" }
    subnet_ids   = []
  }

  expect_failures = [var.subnet_ids]
}

run "instances_in_a_name" {
  command = plan

  variables {
    ec2_capacity = { instance_type = "t3.large" }
    subnet_ids   = ["private"]
  }

  expect_failures = [var.subnet_ids]
}
