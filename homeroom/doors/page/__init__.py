"""The block page, served for both doors."""
