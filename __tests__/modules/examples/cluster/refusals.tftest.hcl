# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
  vpc_id = "vpc-0a"
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name of one letter.
    name = "o"

    # Vpc by name.
    vpc_id = "main"

    # Container insights as a boolean.
    container_insights = true

    # Capacity on ec2.
    default_capacity = "EC2"

    # Log retention of 2 days.
    log_retention_days = 2
  }

  expect_failures = [
    var.name,
    var.vpc_id,
    var.container_insights,
    var.default_capacity,
    var.log_retention_days,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Name of 28 letters.
    name = "abcdefghijklmnopqrstuvwxyzab"

    # Log retention for ever.
    log_retention_days = 0
  }

  expect_failures = [
    var.name,
    var.log_retention_days,
  ]
}

run "wrong_values_3" {
  command = plan

  variables {
    # Name in capitals.
    name = "Overtime"
  }

  expect_failures = [
    var.name,
  ]
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
