"""What the tests share: running the binary, reading what it wrote by other means, damaging it."""
