"""Where everything meets: the live ward, and trying patterns on recordings."""
