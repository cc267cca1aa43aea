variable "region" {
  type        = string
  description = "The region of AWS to deploy to."
  default     = "us-east-1"
  nullable    = false
}

variable "name" {
  type        = string
  description = "Begins the names of all resources."
  default     = "overtime"
  nullable    = false
}

variable "database_identifier" {
  type        = string
  description = "Identifier of the cluster of Aurora PostgreSQL that is made."
  default     = "shop"
  nullable    = false
}

variable "purchases_role_arns" {
  type        = list(string)
  description = "ARNs of the task role and the execution role of the task definition process-employee-purchases."
  nullable    = false
}
