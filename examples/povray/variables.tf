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

variable "architecture" {
  type        = string
  description = "That of the image, which is that of the machine that built it: x86_64 or arm64."
  default     = "x86_64"
  nullable    = false
}
