"""What Homeroom measures of itself, against what people would use instead; see docs/performance.md."""
