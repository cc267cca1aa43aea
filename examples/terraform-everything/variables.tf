variable "region" {
  type        = string
  description = "The region of AWS to deploy to."
  default     = "us-east-1"
  nullable    = false
}

variable "name" {
  type        = string
  description = "Begins the names of all resources. Another name is another copy, which has nothing in common with this one."
  default     = "overtime"
  nullable    = false
}

variable "function_name" {
  type        = string
  description = "A Lambda function for Node.js 22 that is there, by its name."
  default     = "report"
  nullable    = false
}

variable "architecture" {
  type        = string
  description = "That of the function: x86_64 or arm64."
  default     = "x86_64"
  nullable    = false
}

variable "database_identifier" {
  type        = string
  description = "Identifier of the cluster of Aurora MySQL 3 whose rows start runs. It need not be there yet."
  default     = "shop"
  nullable    = false
}
