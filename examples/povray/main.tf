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

module "cluster" {
  source = "../../modules/cluster"

  name   = var.name
  vpc_id = data.aws_vpc.default.id
}

module "runner" {
  source = "../../modules/runner"

  name           = var.name
  log_group_name = module.cluster.log_group_name
  log_group_arn  = module.cluster.log_group_arn
}

# Of the image that `npm run images -- --povray-worker` builds and pushes. No worker starts before the first scene comes, so
# that it may be pushed after all this is there.
resource "aws_ecr_repository" "povray" {
  name                 = "${var.name}-povray"
  image_tag_mutability = "MUTABLE"
  force_delete         = true
}

module "povray" {
  source = "../../modules/queue-worker"

  name                = "${var.name}-povray"
  cluster_arn         = module.cluster.cluster_arn
  subnet_ids          = data.aws_subnets.default.ids
  security_group_ids  = [module.cluster.security_group_id]
  assign_public_ip    = true
  log_group_name      = module.cluster.log_group_name
  log_group_arn       = module.cluster.log_group_arn
  payload_bucket_name = module.runner.payload_bucket_name
  payload_bucket_arn  = module.runner.payload_bucket_arn
  program_key         = module.runner.program_key
  program_sha256      = module.runner.program_sha256

  # A zip that comes into the bucket is a message, and each message is rendered by a worker: pictures lie beside their zips.
  bucket               = "new"
  bucket_force_destroy = true
  suffixes             = [".zip", ".ZIP"]
  image                = "${aws_ecr_repository.povray.repository_url}:povray-${var.architecture}"
  command              = ["/overtime/render"]
  architecture         = var.architecture
  cpu                  = 2048
  memory_mib           = 4096
  timeout_seconds      = 4 * 60 * 60
  max_receive_count    = 2

  # POV-Ray takes every CPU for one picture. A worker for each scene that waits, and none when there is none.
  messages_per_worker = 1
  max_workers         = 4
  idle_seconds        = 60

  # A scene is a program: nothing but /work can be written to, where its folder is.
  read_only_root = true
}
