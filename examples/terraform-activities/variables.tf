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

variable "function_name" {
  type        = string
  description = "A Lambda function for Node.js 22 that is there, such as that of examples/queue-granules."
  default     = "queue-granules"
  nullable    = false
}

variable "architecture" {
  type        = string
  description = "That of the function: x86_64 or arm64."
  default     = "x86_64"
  nullable    = false
}
