"""dnsdist as the DNS door of a large district: tables made by `decide`, written for a small program in dnsdist."""
